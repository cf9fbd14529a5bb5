// Arithmetic on sizes that come from outside: an overflow is an answer, never a wrapped number.
#ifndef GAN_BASE_CHECKED_H_
#define GAN_BASE_CHECKED_H_

#include <cstdint>
#include <optional>
#include <span>

namespace gan::core {

template <class T>
std::optional<T> CheckedAdd(T a, T b) {
  T out;
  if (__builtin_add_overflow(a, b, &out)) return std::nullopt;
  return out;
}

template <class T>
std::optional<T> CheckedSub(T a, T b) {
  T out;
  if (__builtin_sub_overflow(a, b, &out)) return std::nullopt;
  return out;
}

template <class T>
std::optional<T> CheckedMul(T a, T b) {
  T out;
  if (__builtin_mul_overflow(a, b, &out)) return std::nullopt;
  return out;
}

// Product of non-negative sizes, 1 for none; nothing on overflow or on a negative size. A zero
// anywhere gives 0 even where the other factors alone would overflow.
inline std::optional<int64_t> CheckedProduct(std::span<const int64_t> sizes) {
  for (const int64_t size : sizes) {
    if (size < 0) return std::nullopt;
  }
  for (const int64_t size : sizes) {
    if (size == 0) return 0;
  }
  int64_t product = 1;
  for (const int64_t size : sizes) {
    if (__builtin_mul_overflow(product, size, &product)) return std::nullopt;
  }
  return product;
}

}  // namespace gan::core

#endif  // GAN_BASE_CHECKED_H_
