// The CPU engine.
#ifndef GAN_BACKENDS_CPU_BACKEND_H_
#define GAN_BACKENDS_CPU_BACKEND_H_

#include <memory>

#include "base/thread_pool.h"
#include "runtime/backend.h"

namespace gan::core {

// What the backend may do to a graph beside running its nodes one by one. Each is a switch, so that
// tests can compare the results of on and off.
struct CpuPasses {
  bool rows = true;          // convolutions by Winograd, on rows of pixels; without it, none below
  bool join_concats = true;  // a convolution reads the parts of a concatenation where they lie
  bool fuse_maps = true;     // element-wise steps are done as a convolution writes its results
  bool fuse_doublings = true;  // nearest x2 before a convolution is done as it reads
  bool small_tiles = true;     // 4x4 filters of stride 2 as some of 2x2, F(3x3, 2x2)
  bool enlarge_tiles = true;   // F(6x6, 3x3) in place of F(4x4, 3x3) where that is fewer products
  // Products of convolutions done by Winograd are of numbers rounded to bf16, and summed in fp32:
  // faster where the processor has AVX-512 BF16. Results stay within about 55 dB.
  bool bf16 = false;
  bool bands = true;  // several steps go down the picture together, a few rows at a time
};

// Runs graphs with src/kernels on the threads of `pool`, which must outlive the backend and all
// that it compiles. Results do not depend on the number of threads. The CPU target is the one that
// kernels::SetTarget chose.
std::unique_ptr<Backend> MakeCpuBackend(ThreadPool& pool, const CpuPasses& passes = {});

}  // namespace gan::core

#endif  // GAN_BACKENDS_CPU_BACKEND_H_
