#include "base/fingerprint.h"

#include <algorithm>
#include <cstring>

namespace gan::core {

// The finalizer of SplitMix64 (Steele, Lea & Flood 2014) over each word.
void Fingerprint::Mix(uint64_t word) {
  uint64_t z = (state_ ^ word) + 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  state_ = z ^ (z >> 31);
}

void Fingerprint::Add(std::span<const std::byte> bytes) {
  Mix(bytes.size());
  while (!bytes.empty()) {
    uint64_t word = 0;
    const size_t count = std::min(bytes.size(), sizeof(word));
    std::memcpy(&word, bytes.data(), count);
    Mix(word);
    bytes = bytes.subspan(count);
  }
}

}  // namespace gan::core
