// Weighted means over all positions of a picture, the weights a softmax of products.
#ifndef GAN_KERNELS_ATTENTION_H_
#define GAN_KERNELS_ATTENTION_H_

#include <cstddef>
#include <span>

#include "base/thread_pool.h"
#include "tensor/tensor.h"

namespace gan::core::kernels {

// Bytes of workspace for so many positions to look at and channels of the queries, and a pool of
// so many threads.
size_t AttentionWorkspaceBytes(int64_t positions, int64_t query_channels, int threads);

// out[n, c, p] = sum over r of share[n, p, r] * values[n, c, r]
// share[n, p, :] = softmax over r of scale * (sum over i of queries[n, i, p] * keys[n, i, r])
//
//   queries  [N, Ck, H, W]  f32, contiguous, p a position of H * W
//   keys     [N, Ck, h, w]  f32, contiguous, r a position of h * w
//   values   [N, Cv, h, w]  f32, contiguous
//   out      [N, Cv, H, W]  f32, contiguous, not overlapping the inputs
//
// Each element is summed in one order whatever its place and the number of threads. NaN or
// infinity among what a position sees gives NaN there.
// Threads: splits pictures and positions. Allocates nothing; scratch is `workspace`, 64-byte
// aligned.
void Attention(const ConstTensorView& queries, const ConstTensorView& keys,
               const ConstTensorView& values, float scale, const TensorView& out,
               std::span<std::byte> workspace, ThreadPool& pool);

namespace reference {
void Attention(const ConstTensorView& queries, const ConstTensorView& keys,
               const ConstTensorView& values, float scale, const TensorView& out);
}

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_ATTENTION_H_
