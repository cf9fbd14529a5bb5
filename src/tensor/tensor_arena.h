// Memory for tensors that stay together, as the weights of a checkpoint do.
#ifndef GAN_TENSOR_TENSOR_ARENA_H_
#define GAN_TENSOR_TENSOR_ARENA_H_

#include <cstdint>

#include "tensor/tensor.h"

namespace gan::core {

// Cuts tensors out of a few large blocks: hundreds of separate ones have each to be asked for, and
// given page by page. A block lives as long as any of its tensors. Not for several threads.
class TensorArena {
 public:
  // total: bytes that all tensors take, about; less is asked for at a time where that is little.
  explicit TensorArena(uint64_t total);

  // Uninitialised memory, 64-byte aligned. Error kBadData when it cannot be had.
  Tensor Make(DType dtype, const Shape& shape);

 private:
  int64_t block_bytes_;
  Tensor block_;
  int64_t used_ = 0;
};

}  // namespace gan::core

#endif  // GAN_TENSOR_TENSOR_ARENA_H_
