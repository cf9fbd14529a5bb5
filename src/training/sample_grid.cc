#include "training/sample_grid.h"

#include <algorithm>
#include <vector>

#include "media/sheet.h"
#include "training/flat_parameters.h"
#include "training/real_batches.h"
#include "training/step_random.h"

namespace gan::core {
namespace {

constexpr int64_t kChunk = 64;  // pictures made at a time

at::Tensor Latents(uint64_t seed, int64_t first, int64_t count, int64_t size) {
  std::vector<at::Tensor> rows;
  for (int64_t i = first; i < first + count; ++i) {
    StepRandom random(seed, StepRandom::Purpose::kGrid, static_cast<uint64_t>(i), {0, 1, 1},
                      at::kCPU);
    rows.push_back(random.Normal(size));
  }
  return at::cat(rows);
}

at::Tensor Run(AdversarialTraining& training, const at::Tensor& z, std::span<const int32_t> labels,
               int64_t classes) {
  std::vector<at::Tensor> parts;
  for (int64_t begin = 0; begin < z.size(0); begin += kChunk) {
    const int64_t count = std::min(kChunk, z.size(0) - begin);
    const at::Tensor hot =
        classes > 0 ? OneHot(labels.subspan(static_cast<size_t>(begin), static_cast<size_t>(count)),
                             classes)
                    : at::Tensor();
    parts.push_back(training.Sample(z.narrow(0, begin, count), hot).to(at::kCPU));
  }
  return at::cat(parts);
}

}  // namespace

at::Tensor SampleRange(AdversarialTraining& training, uint64_t seed, int64_t classes, int64_t first,
                       int64_t count) {
  std::vector<int32_t> labels;
  for (int64_t i = first; classes > 0 && i < first + count; ++i) {
    labels.push_back(static_cast<int32_t>(i % classes));
  }
  return Run(training, Latents(seed, first, count, training.latent()), labels, classes);
}

Tensor SampleGrid(AdversarialTraining& training, uint64_t seed, int64_t classes, int64_t side) {
  at::Tensor z = Latents(seed, 0, classes > 0 ? side : side * side, training.latent());
  std::vector<int32_t> labels;
  if (classes > 0) {
    const int64_t rows = std::min(classes, kClassRows);
    z = z.repeat({rows, 1});
    for (int64_t i = 0; i < rows * side; ++i) labels.push_back(static_cast<int32_t>(i / side));
  }
  const at::Tensor pictures = Run(training, z, labels, classes).mul(0.5).add(0.5).clamp(0, 1);
  std::vector<Tensor> tiles;
  for (int64_t i = 0; i < pictures.size(0); ++i) tiles.push_back(ToTensor(pictures[i]));
  return MakeSheet(tiles, side);
}

}  // namespace gan::core
