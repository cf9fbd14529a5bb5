// A sheet of what a generator makes of given latents, some of its places empty.
#ifndef GAN_TASKS_LATENT_SHEET_H_
#define GAN_TASKS_LATENT_SHEET_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "base/progress.h"
#include "runtime/backend.h"
#include "tensor/tensor.h"

namespace gan::core {

struct LatentSheetOptions {
  std::vector<int64_t> labels;  // one a latent, where the generator has classes
  int64_t classes = 0;          // that it has
  int64_t columns = 1;
  std::optional<int64_t> empty;  // this place, in reading order, stays white; before the last
  uint64_t max_memory = UINT64_MAX;
  ProgressFn progress;
  const CancelFlag* cancel = nullptr;
};

// The pictures of `latents` [n, size] in reading order: [C, H, W] f32 in about [0, 1]. `network` as
// Sampler has it, and so the errors.
Tensor LatentSheet(Executable& network, const Tensor& latents, const LatentSheetOptions& options);

}  // namespace gan::core

#endif  // GAN_TASKS_LATENT_SHEET_H_
