// The bytes of a pickle, fetched as they are needed: where it ends is known only at its STOP.
#ifndef GAN_FORMATS_PICKLE_INPUT_H_
#define GAN_FORMATS_PICKLE_INPUT_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "formats/byte_source.h"
#include "formats/pickle_arena.h"

namespace gan::core {

// All functions but the constructor advance; Error kBadData when the pickle is cut short or longer
// than `max_bytes`.
class PickleInput {
 public:
  // `buffer` receives the bytes; texts are places in it.
  PickleInput(const ByteSource& source, uint64_t offset, uint64_t max_bytes,
              std::vector<std::byte>& buffer);

  uint8_t Byte() { return static_cast<uint8_t>(Little(1)); }
  uint64_t Little(size_t bytes);  // unsigned, at most 8 bytes
  double BigEndianDouble();
  PickleText Take(uint64_t bytes);
  PickleText Line();  // to the next newline, which is skipped

  // Valid until the next bytes are read.
  std::string_view View(PickleText text) const {
    return {reinterpret_cast<const char*>(buffer_.data()) + text.offset, text.size};
  }

  uint64_t position() const { return offset_ + at_; }  // in the source
  uint64_t left() const { return available_ - at_; }   // bytes that may still be read

  // Error kBadData that names the place.
  [[noreturn]] void Broken(std::string_view what) const;

 private:
  void Need(uint64_t bytes);  // the next ones are in the buffer after this

  const ByteSource& source_;
  const uint64_t offset_;
  const uint64_t available_;
  uint64_t at_ = 0;
  std::vector<std::byte>& buffer_;
};

}  // namespace gan::core

#endif  // GAN_FORMATS_PICKLE_INPUT_H_
