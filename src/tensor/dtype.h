// Element types of tensors, and conversion of the narrow floating-point ones.
#ifndef GAN_TENSOR_DTYPE_H_
#define GAN_TENSOR_DTYPE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gan::core {

enum class DType : uint8_t { kF32, kF16, kBF16, kF64, kU8, kI8, kI16, kI32, kI64, kBool };

size_t SizeOf(DType dtype);            // bytes of one element
std::string_view NameOf(DType dtype);  // "f32", "bf16", ...
bool IsFloating(DType dtype);

// Exact.
float FloatFromHalf(uint16_t bits);
float FloatFromBFloat16(uint16_t bits);
// Round to nearest, ties to even; overflow gives infinity, NaN stays NaN.
uint16_t HalfFromFloat(float value);
uint16_t BFloat16FromFloat(float value);

}  // namespace gan::core

#endif  // GAN_TENSOR_DTYPE_H_
