#include "api/given_latents.h"

#include <filesystem>
#include <utility>

#include "api/network_inputs.h"
#include "base/error.h"
#include "formats/npy.h"
#include "models/styles.h"
#include "tensor/fingerprint.h"

namespace gan::core {

GivenLatents ReadLatents(const gan::Model::State& state, const std::string& path, LatentKind kind) {
  NamedTensors in_file;
  in_file.Add("latents", ReadNpy(path));
  const Tensor tensor = in_file.At("latents").ToFloat();
  const std::string where = Printable(path);
  const int64_t count = tensor.shape().rank() > 0 ? tensor.shape()[0] : 0;
  kind = KindOf(state.model, tensor, kind, where);
  if (count < 1) Fail(ErrorCode::kBadData, where, "wants latents, holds none");
  LatentFile file{.name = std::filesystem::path(path).filename().string(),
                  .kind = kind == LatentKind::kZ   ? "z"
                          : kind == LatentKind::kW ? "w"
                                                   : "w+",
                  .hash = FingerprintOf(in_file)};
  if (kind == LatentKind::kZ) {
    return {tensor.Reshaped({count, state.model.latent->size}), false, std::move(file)};
  }
  return {StyleRows(state.model.style->space, tensor, where), true, std::move(file)};
}

LatentSource SourceOf(const gan::SampleOptions& options) {
  using Rng = gan::SampleOptions::Rng;
  if (options.truncation != 0 && options.rng != Rng::kAuto && options.rng != Rng::kOwn) {
    Fail(ErrorCode::kUsage, "sample", "--truncation draws numbers again: it wants --rng own");
  }
  switch (options.rng) {
    case Rng::kAuto: return options.truncation != 0 ? LatentSource::kOwn : LatentSource::kTorch;
    case Rng::kTorch: return LatentSource::kTorch;
    case Rng::kNumpy: return LatentSource::kNumpy;
    case Rng::kOwn: return LatentSource::kOwn;
  }
  GAN_ASSERT(false);
}

}  // namespace gan::core
