// The sizes of a tensor, outermost first.
#ifndef GAN_TENSOR_SHAPE_H_
#define GAN_TENSOR_SHAPE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

namespace gan::core {

// Up to 8 sizes, each at least 0, whose product fits int64. Networks use [N, C, H, W].
class Shape {
 public:
  static constexpr size_t kMaxRank = 8;

  Shape() = default;  // rank 0: one element
  Shape(std::initializer_list<int64_t> sizes) : Shape(std::span(sizes.begin(), sizes.size())) {}
  // Error kBadData on too many sizes, a negative size or a product past int64.
  explicit Shape(std::span<const int64_t> sizes);

  size_t rank() const { return rank_; }
  int64_t operator[](size_t axis) const { return sizes_[axis]; }
  std::span<const int64_t> sizes() const { return {sizes_.data(), rank_}; }
  int64_t elements() const { return elements_; }
  std::string ToString() const;  // "[1, 3, 16, 16]"

  bool operator==(const Shape& other) const;

 private:
  std::array<int64_t, kMaxRank> sizes_{};
  size_t rank_ = 0;
  int64_t elements_ = 1;
};

}  // namespace gan::core

#endif  // GAN_TENSOR_SHAPE_H_
