// Runs a generator on latents and classes, in batches that fit the memory.
#ifndef GAN_TASKS_SAMPLER_H_
#define GAN_TASKS_SAMPLER_H_

#include <cstdint>
#include <functional>
#include <span>

#include "base/progress.h"
#include "runtime/backend.h"
#include "tasks/latents.h"
#include "tasks/sample_plan.h"

namespace gan::core {

class Sampler {
 public:
  // `network` takes "z" [N, latents.size()] or [N, latents.size(), 1, 1], and "labels" [N, classes]
  // where classes > 0, and makes [N, C, H, W] in [-1, 1], C from 1 to 4. Both must outlive this.
  //
  // Error kBadData: another network, or latents of another size. kConfiguration: not even one
  // picture at a time fits `max_memory` bytes.
  Sampler(Executable& network, int64_t classes, const Latents& latents, uint64_t max_memory);

  const Shape& picture() const { return picture_; }  // [C, H, W]
  int64_t batch() const { return batch_; }

  struct Run {
    Interpolation interpolation = Interpolation::kSpherical;
    ProgressFn progress;  // after each batch
    const CancelFlag* cancel = nullptr;
  };
  // Makes the pictures of `items` and gives them out in order: [C, H, W] f32, brought to [0, 1]
  // but not clamped. No picture depends on the others. Error kInternal: one is NaN or infinite.
  void Make(std::span<const SampleItem> items, const Run& run,
            const std::function<void(size_t i, const Tensor& picture)>& take) const;

 private:
  Bindings BindingsFor(int64_t count) const;
  std::vector<Tensor> InputsFor(std::span<const SampleItem> items, Interpolation kind) const;

  Executable& network_;
  int64_t classes_;
  const Latents& latents_;
  Shape picture_;
  int64_t batch_ = 0;
};

}  // namespace gan::core

#endif  // GAN_TASKS_SAMPLER_H_
