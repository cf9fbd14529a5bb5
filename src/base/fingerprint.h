// A number that tells bytes from other bytes: for names of caches and for noticing damage, not
// against somebody who wants two files to look alike.
#ifndef GAN_BASE_FINGERPRINT_H_
#define GAN_BASE_FINGERPRINT_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace gan::core {

// 64 bits over everything added, in order. Each word passes through steps that can be undone, so
// that any change of one word changes the result. The same on every (little-endian) machine.
class Fingerprint {
 public:
  // The length counts too: "a" and "bc" differ from "ab" and "c".
  void Add(std::span<const std::byte> bytes);
  void Add(std::string_view text) { Add(std::as_bytes(std::span(text))); }
  void Add(uint64_t number) { Mix(number); }

  uint64_t value() const { return state_; }

 private:
  void Mix(uint64_t word);

  uint64_t state_ = 0x9e3779b97f4a7c15;
};

}  // namespace gan::core

#endif  // GAN_BASE_FINGERPRINT_H_
