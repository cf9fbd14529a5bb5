// XXH3, 64 bits: sums that notice damage, and names for content. Not for secrets.
#ifndef GAN_DATA_SUM_H_
#define GAN_DATA_SUM_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace gan::core {

// In pieces; how they are cut does not matter.
class Sum {
 public:
  Sum();
  ~Sum();
  Sum(const Sum&) = delete;
  Sum& operator=(const Sum&) = delete;

  void Add(std::span<const std::byte> bytes);
  uint64_t Value() const;  // of all that was added so far

 private:
  struct State;
  std::unique_ptr<State> state_;
};

uint64_t SumOf(std::span<const std::byte> bytes);
uint64_t SumOf(std::string_view text);

}  // namespace gan::core

#endif  // GAN_DATA_SUM_H_
