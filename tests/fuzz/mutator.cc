#include "mutator.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace gan::core::fuzz {
namespace {

constexpr size_t kLongestPiece = 32;

// Numbers at which readers go wrong.
constexpr std::array<uint64_t, 20> kTelling = {0,
                                               1,
                                               2,
                                               4,
                                               7,
                                               64,
                                               0x7F,
                                               0x80,
                                               0xFF,
                                               0x7FFF,
                                               0x8000,
                                               0xFFFF,
                                               0x7FFFFFFF,
                                               0x80000000,
                                               0xFFFFFFFF,
                                               0x100000000,
                                               0x3FFFFFFFFFFFFFFF,
                                               0x7FFFFFFFFFFFFFFF,
                                               0x8000000000000000,
                                               0xFFFFFFFFFFFFFFFF};

size_t Place(const std::string& bytes, Random& random) { return random.Below(bytes.size()); }

size_t PieceLength(const std::string& bytes, size_t at, Random& random) {
  return 1 + random.Below(std::min(bytes.size() - at, kLongestPiece));
}

void ReplaceNumber(std::string& bytes, Random& random) {
  const size_t width = size_t{1} << random.Below(4);
  if (bytes.size() < width) return;
  const size_t at = random.Below(bytes.size() - width + 1);
  uint64_t value = 0;
  std::memcpy(&value, bytes.data() + at, width);
  value =
      random.Below(2) == 0 ? kTelling[random.Below(kTelling.size())] : value + random.Below(17) - 8;
  std::memcpy(bytes.data() + at, &value, width);
}

void Change(std::string& bytes, Random& random) {
  const size_t at = Place(bytes, random);
  const size_t length = PieceLength(bytes, at, random);
  switch (random.Below(8)) {
    case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.Below(8))); break;
    case 1: bytes[at] = static_cast<char>(random.Below(256)); break;
    case 2: ReplaceNumber(bytes, random); break;
    case 3: bytes.erase(at, length); break;
    case 4: bytes.insert(Place(bytes, random), bytes.substr(at, length)); break;
    case 5: {
      const std::string piece = bytes.substr(Place(bytes, random), length);
      bytes.replace(at, piece.size(), piece);
      break;
    }
    case 6: bytes.insert(at, length, static_cast<char>(random.Below(256))); break;
    // Ends are cut seldom: a file cut short is refused at once by most readers.
    case 7:
      if (random.Below(8) == 0) bytes.resize(at);
      break;
  }
}

}  // namespace

std::string Mutate(const std::string& seed, Random& random) {
  std::string out = seed;
  // Half of the files get one change, which gets deepest.
  for (uint64_t changes = 1 + random.Below(uint64_t{1} << random.Below(4));
       changes > 0 && !out.empty(); --changes) {
    Change(out, random);
  }
  out.resize(std::min(out.size(), 2 * seed.size() + 64));
  return out;
}

}  // namespace gan::core::fuzz
