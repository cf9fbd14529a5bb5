#include "tasks/latent_sheet.h"

#include <algorithm>

#include "base/error.h"
#include "media/sheet.h"
#include "tasks/sampler.h"

namespace gan::core {

Tensor LatentSheet(Executable& network, const Tensor& latents, const LatentSheetOptions& options) {
  const Latents rows(latents);
  const Sampler sampler(network, options.classes, rows, options.max_memory);
  std::vector<SampleItem> items;
  for (int64_t i = 0; i < latents.shape()[0]; ++i) {
    items.push_back({.latent = i});
    if (options.classes > 0) items.back().label = options.labels[static_cast<size_t>(i)];
  }
  std::vector<Tensor> pictures;
  const auto take = [&](size_t, const Tensor& picture) {
    if (options.empty && static_cast<int64_t>(pictures.size()) == *options.empty) {
      Tensor& white = pictures.emplace_back(DType::kF32, picture.shape());
      std::ranges::fill(white.floats(), 1.0f);
    }
    pictures.push_back(picture);
  };
  sampler.Make(items, {.progress = options.progress, .cancel = options.cancel}, take);
  return MakeSheet(pictures, options.columns);
}

}  // namespace gan::core
