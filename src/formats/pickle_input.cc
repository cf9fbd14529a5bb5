#include "formats/pickle_input.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/error.h"

namespace gan::core {
namespace {

constexpr uint64_t kFirstChunk = uint64_t{64} << 10;
constexpr uint64_t kMaxPlace = uint64_t{1} << 31;  // of a PickleText

}  // namespace

PickleInput::PickleInput(const ByteSource& source, uint64_t offset, uint64_t max_bytes,
                         std::vector<std::byte>& buffer)
    : source_(source),
      offset_(offset),
      available_(std::min({source.size() - std::min(offset, source.size()), max_bytes, kMaxPlace})),
      buffer_(buffer) {}

void PickleInput::Broken(std::string_view what) const {
  Fail(ErrorCode::kBadData, source_.name(), "the pickle {} before byte {}", what, position());
}

void PickleInput::Need(uint64_t bytes) {
  if (bytes > left()) {
    const bool limit = offset_ + available_ < source_.size();
    Broken(limit ? "is longer than is read: broken" : "is cut short");
  }
  if (at_ + bytes <= buffer_.size()) return;
  const uint64_t before = buffer_.size();
  const uint64_t wanted = std::max({at_ + bytes, 2 * before, kFirstChunk});
  buffer_.resize(std::min(wanted, available_));
  source_.ReadAt(offset_ + before, std::span(buffer_).subspan(before));
}

uint64_t PickleInput::Little(size_t bytes) {
  Need(bytes);
  uint64_t value = 0;
  std::memcpy(&value, buffer_.data() + at_, bytes);
  at_ += bytes;
  return value;
}

double PickleInput::BigEndianDouble() {
  return std::bit_cast<double>(__builtin_bswap64(Little(8)));
}

PickleText PickleInput::Take(uint64_t bytes) {
  Need(bytes);
  const PickleText text{static_cast<uint32_t>(at_), static_cast<uint32_t>(bytes)};
  at_ += bytes;
  return text;
}

PickleText PickleInput::Line() {
  uint64_t size = 0;
  for (;;) {
    Need(size + 1);
    // Everything that is here already is searched before more is fetched.
    const std::byte* start = buffer_.data() + at_;
    const void* end = std::memchr(start + size, '\n', buffer_.size() - at_ - size);
    if (end != nullptr) {
      const PickleText text =
          Take(static_cast<uint64_t>(static_cast<const std::byte*>(end) - start));
      ++at_;
      return text;
    }
    size = buffer_.size() - at_;
  }
}

}  // namespace gan::core
