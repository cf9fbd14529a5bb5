#include "gan/array.h"

#include "api/array_tensor.h"
#include "base/error.h"
#include "formats/npy.h"

namespace gan {

namespace core {

Tensor TensorFrom(const Array& array) {
  const Shape shape{std::span<const int64_t>(array.shape)};
  if (shape.elements() != static_cast<int64_t>(array.values.size())) {
    Fail(ErrorCode::kBadData, "array", "shape {} wants {} values, got {}", shape.ToString(),
         shape.elements(), array.values.size());
  }
  return Tensor::FromFloats(shape, array.values);
}

Array ArrayFrom(const Tensor& tensor) {
  const Tensor floats = tensor.ToFloat();
  const std::span<const int64_t> sizes = floats.shape().sizes();
  return {{sizes.begin(), sizes.end()}, {floats.floats().begin(), floats.floats().end()}};
}

}  // namespace core

Array ReadNpy(const std::string& path) { return core::ArrayFrom(core::ReadNpy(path)); }

void WriteNpy(const std::string& path, const Array& array) {
  core::WriteNpy(path, core::TensorFrom(array));
}

}  // namespace gan
