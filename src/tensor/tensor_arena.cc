#include "tensor/tensor_arena.h"

#include <algorithm>

#include "base/checked.h"

namespace gan::core {
namespace {

constexpr uint64_t kMostBytes = uint64_t{16} << 20;
constexpr int64_t kAlignment = 64;

}  // namespace

TensorArena::TensorArena(uint64_t total)
    : block_bytes_(static_cast<int64_t>(std::min(total, kMostBytes))) {}

Tensor TensorArena::Make(DType dtype, const Shape& shape) {
  const auto bytes = CheckedMul<int64_t>(shape.elements(), static_cast<int64_t>(SizeOf(dtype)));
  if (!bytes || *bytes > block_bytes_ / 8 || *bytes == 0) return Tensor(dtype, shape);
  if (block_.shape().elements() < used_ + *bytes) {
    block_ = Tensor(DType::kU8, {block_bytes_});
    used_ = 0;
  }
  std::byte* data = block_.raw().data() + used_;
  used_ += (*bytes + kAlignment - 1) / kAlignment * kAlignment;
  return Tensor(dtype, shape, std::make_shared<Tensor>(block_), data);
}

}  // namespace gan::core
