// Products of matrices, many side by side.
#ifndef GAN_KERNELS_MATMUL_H_
#define GAN_KERNELS_MATMUL_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

// Bytes of workspace for sums of `terms` products and a pool of so many threads.
size_t MatMulWorkspaceBytes(int64_t terms, int threads);

// out[..., m, p] = sum over k of a[..., m, k] * b[..., k, p]
//
//   a    [..., M, K]  f32, contiguous
//   b    [..., K, P]  f32, contiguous
//   out  [..., M, P]  f32, contiguous, not overlapping the inputs
//
// The axes in front are those of `out`, or 1 in `a` or `b`, which then repeats along them.
// Each element is summed in one order, whatever its place and the number of threads.
// Threads: splits matrices, rows and columns. Allocates nothing; scratch is `workspace`, 64-byte
// aligned.
void MatMul(const ConstTensorView& a, const ConstTensorView& b, const TensorView& out,
            std::span<std::byte> workspace, ThreadPool& pool);

namespace reference {
void MatMul(const ConstTensorView& a, const ConstTensorView& b, const TensorView& out);
}

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_MATMUL_H_
