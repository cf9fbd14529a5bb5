#include "api/latent_space.h"

#include <algorithm>
#include <utility>

#include "api/given_latents.h"
#include "api/network_inputs.h"
#include "api/progress_state.h"
#include "api/run_network.h"
#include "base/error.h"
#include "formats/npy.h"
#include "media/picture.h"
#include "media/sheet.h"
#include "tasks/latent_sheet.h"
#include "tasks/latents.h"
#include "tasks/sample.h"

namespace gan::core {

LatentSpace::LatentSpace(gan::Model::State& state) : state_(state) {
  if (!state.model.latent) {
    Fail(ErrorCode::kUsage, "latent", "{} makes pictures of pictures: it has no latents",
         state.model.description);
  }
  size_ = state.model.latent->size;
  if (!styles()) return;
  size_ = state.model.style->space.width;
  parts_ = state.model.style->space.layers;
}

LayerRange LatentSpace::Parts(int64_t first, int64_t last) const {
  if (first < 0) return {0, parts_ - 1};
  if (!styles()) {
    Fail(ErrorCode::kUsage, "layers", "{} has no styles: layers are StyleGAN's",
         state_.model.description);
  }
  RequireLayers(state_.model.style->space, {first, last});
  return {first, last};
}

std::vector<int64_t> LatentSpace::Labels(uint64_t seed, int64_t count,
                                         const std::string& which_class) const {
  const LatentInput& latent = *state_.info.latent;
  std::vector<int64_t> labels;
  if (!which_class.empty()) {
    const int64_t label = FindClass(which_class, latent.classes, latent.class_names);
    labels.assign(static_cast<size_t>(count), label);
  } else if (latent.classes > 0) {
    for (int64_t i = 0; i < count; ++i) labels.push_back(DrawBelow(seed, i, latent.classes));
  }
  return labels;
}

std::vector<Tensor> LatentSpace::Inputs(const Tensor& z, const std::vector<int64_t>& labels) const {
  const int64_t count = z.shape()[0], classes = state_.model.latent->classes;
  const Graph& graph = state_.model.graph;
  const bool row = graph.value(graph.inputs[0]).shape.size() == 2;
  std::vector<Tensor> inputs{row ? z : z.Reshaped({count, z.shape()[1], 1, 1})};
  if (classes == 0) return inputs;
  Tensor& chosen = inputs.emplace_back(Tensor::Zeros(DType::kF32, {count, classes}));
  for (size_t i = 0; i < labels.size(); ++i) {
    chosen.floats()[i * static_cast<size_t>(classes) + static_cast<size_t>(labels[i])] = 1;
  }
  return inputs;
}

SpaceLatents LatentSpace::FromNumbers(Tensor z, std::vector<int64_t> labels) {
  if (!styles()) return {std::move(z), std::move(labels)};
  const Tensor w =
      TruncatedStyles(state_.model, RunNetwork(state_, state_.Mapping(), Inputs(z, labels)));
  return {StyleRows(state_.model.style->space, w, "latent"), {}, w.shape().rank() == 2};
}

SpaceLatents LatentSpace::Drawn(uint64_t seed, int64_t count, const std::string& which_class) {
  std::vector<int64_t> labels = Labels(seed, count, which_class);
  Tensor z(DType::kF32, {count, state_.model.latent->size});
  Latents latents(z.shape()[1], seed, LatentSource::kTorch);
  latents.Draw(count);
  const auto width = static_cast<size_t>(z.shape()[1]);
  for (int64_t i = 0; i < count; ++i) {
    latents.Fill(i, z.floats().subspan(static_cast<size_t>(i) * width, width));
  }
  return FromNumbers(std::move(z), std::move(labels));
}

SpaceLatents LatentSpace::Given(const std::string& path, LatentKind kind, uint64_t seed,
                                const std::string& which_class) {
  const Tensor given = ReadNpy(path).ToFloat();
  const std::string where = Printable(path);
  kind = KindOf(state_.model, given, kind, where);
  const int64_t count = given.shape()[0];
  if (count < 1) Fail(ErrorCode::kBadData, where, "wants latents, holds none");
  if (kind == LatentKind::kZ) {
    return FromNumbers(given.Reshaped({count, state_.model.latent->size}),
                       Labels(seed, count, which_class));
  }
  if (!which_class.empty()) {
    Fail(ErrorCode::kUsage, "class", "styles have their class already: give no class");
  }
  const Tensor w = TruncatedStyles(state_.model, given);
  return {StyleRows(state_.model.style->space, w, where), {}, w.shape().rank() == 2};
}

namespace {

PictureWriteOptions WritingOf(bool provenance) {
  PictureWriteOptions write;
  write.provenance = provenance ? Provenance::kSampled : Provenance::kNone;
  return write;
}

}  // namespace

Tensor LatentSpace::Sheet(const SpaceLatents& latents, int64_t columns,
                          const gan::SampleEvents& events) {
  return LatentSheet(Network(), latents.rows,
                     {.labels = latents.labels,
                      .classes = network_classes(),
                      .columns = columns,
                      .max_memory = MemoryBudget(state_.options),
                      .progress = events.progress,
                      .cancel = CoreFlag(events.cancel)});
}

void LatentSpace::WriteSheet(const std::string& path, const SpaceLatents& latents, int64_t columns,
                             bool provenance, const gan::SampleEvents& events) {
  WritePicture(path, Sheet(latents, columns, events), WritingOf(provenance));
}

void LatentSpace::WriteBeside(const std::string& path, const Tensor& left,
                              const SpaceLatents& latent, bool provenance) {
  const Tensor both[] = {left, Sheet(latent, 1, {})};
  WritePicture(path, MakeSheet(both, 2), WritingOf(provenance));
}

Tensor LatentSpace::Written(const SpaceLatents& latents) const {
  const int64_t count = latents.rows.shape()[0];
  if (parts_ == 1) return latents.rows;
  if (!latents.one_style) return latents.rows.Reshaped({count, parts_, size_});
  Tensor out(DType::kF32, {count, size_});
  const auto size = static_cast<size_t>(size_), row = static_cast<size_t>(parts_) * size;
  for (size_t i = 0; i < static_cast<size_t>(count); ++i) {
    std::ranges::copy(latents.rows.floats().subspan(i * row, size),
                      out.floats().subspan(i * size).begin());
  }
  return out;
}

std::string LatentSpace::NameOf(const SpaceLatents& latents) const {
  return !styles() ? "z" : latents.one_style ? "w" : "w+";
}

}  // namespace gan::core
