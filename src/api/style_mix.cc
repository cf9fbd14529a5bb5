#include "api/style_mix.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "api/given_latents.h"
#include "api/progress_state.h"
#include "api/run_network.h"
#include "base/error.h"
#include "media/picture.h"
#include "models/styles.h"
#include "tasks/latent_sheet.h"
#include "tasks/sample.h"

namespace gan::core {
namespace {

// Which of the layers are the column's.
LayerRange MixedLayers(const gan::SampleOptions& options, const StyleSpace& space) {
  if (options.mix_first >= 0) return {options.mix_first, options.mix_last};
  return {0, std::max<int64_t>(1, space.layers * 7 / 18) - 1};
}

// The styles of what a seed each gives, or of rows of a file: [n, layers * width], not truncated.
class MixedStyles {
 public:
  MixedStyles(gan::Model::State& state, const gan::SampleOptions& options)
      : state_(state), options_(options), space_(state.model.style->space) {
    if (!options.latents.empty()) given_ = ReadLatents(state, options.latents, options.latent_kind);
  }

  Tensor Of(const std::vector<uint64_t>& numbers) const {
    const auto count = static_cast<int64_t>(numbers.size());
    if (given_ && given_->styles) return Chosen(numbers);
    const Tensor z = given_ ? Chosen(numbers) : Drawn(numbers);
    const LatentInfo& latent = *state_.model.latent;
    std::vector<Tensor> inputs{z};
    if (latent.classes > 0) {
      inputs.push_back(Tensor::Zeros(DType::kF32, {count, latent.classes}));
      for (size_t i = 0; i < numbers.size(); ++i) {
        const auto at = static_cast<int64_t>(i) * latent.classes + ClassOf(numbers[i]);
        inputs[1].floats()[static_cast<size_t>(at)] = 1;
      }
    }
    return StyleRows(space_, RunNetwork(state_, state_.Mapping(), inputs), "sample");
  }

 private:
  Tensor Chosen(const std::vector<uint64_t>& numbers) const {
    const int64_t count = given_->rows.shape()[0], size = given_->rows.shape()[1];
    Tensor out(DType::kF32, {static_cast<int64_t>(numbers.size()), size});
    for (size_t i = 0; i < numbers.size(); ++i) {
      if (numbers[i] >= static_cast<uint64_t>(count)) {
        Fail(ErrorCode::kUsage, "mix", "wants rows of {} from 0 to {}, got {}",
             Printable(options_.latents), count - 1, numbers[i]);
      }
      const auto width = static_cast<size_t>(size);
      std::ranges::copy(std::as_const(given_->rows).floats().subspan(numbers[i] * width, width),
                        out.floats().subspan(i * width).begin());
    }
    return out;
  }

  Tensor Drawn(const std::vector<uint64_t>& seeds) const {
    const int64_t size = state_.model.latent->size;
    Tensor out(DType::kF32, {static_cast<int64_t>(seeds.size()), size});
    for (size_t i = 0; i < seeds.size(); ++i) {
      Latents latents(size, seeds[i], SourceOf(options_));
      latents.Draw(1);
      const auto width = static_cast<size_t>(size);
      latents.Fill(0, out.floats().subspan(i * width, width));
    }
    return out;
  }

  int64_t ClassOf(uint64_t number) const {
    const LatentInput& latent = *state_.info.latent;
    if (!options_.which_class.empty()) {
      return FindClass(options_.which_class, latent.classes, latent.class_names);
    }
    return DrawBelow(number, 0, latent.classes);
  }

  gan::Model::State& state_;
  const gan::SampleOptions& options_;
  const StyleSpace& space_;
  std::optional<GivenLatents> given_;
};

void CheckMixing(const gan::Model::State& state, const std::string& output,
                 const gan::SampleOptions& options) {
  RequireStyles(state);
  if (options.mix_rows.empty() || options.mix_columns.empty()) {
    Fail(ErrorCode::kUsage, "mix", "wants --mix-rows and --mix-columns");
  }
  const bool laid_out = options.count != 0 || options.columns != 0 || options.rows != 0;
  if (laid_out || options.frames != 0 || !options.labels.empty() || options.per_class ||
      options.interpolation != gan::SampleOptions::Interpolation::kNone) {
    Fail(ErrorCode::kUsage, "mix",
         "makes a sheet by its seeds: --count, --grid, --labels, --per-class, --interpolate "
         "and --frames have no use");
  }
  if (options.which_class == "all") {
    Fail(ErrorCode::kUsage, "mix", "wants one class or none, not all");
  }
  if (!options.which_class.empty() && state.info.latent->classes == 0) {
    Fail(ErrorCode::kUsage, "class", "this generator was trained without classes");
  }
  if (SampleFormFor(output, {}) != SampleForm::kSheet) {
    Fail(ErrorCode::kUsage, "mix", "wants the name of a picture file for its sheet");
  }
}

// The sheet: the corner empty, the columns' pictures, and each row's with its mixtures.
Tensor MixedSheetLatents(const MixedStyles& styles, const gan::SampleOptions& options,
                         const StyleSpace& space) {
  const Tensor rows = styles.Of(options.mix_rows), columns = styles.Of(options.mix_columns);
  const Tensor mixed = MixStyles(space, rows, columns, MixedLayers(options, space));
  const auto size = static_cast<size_t>(rows.shape()[1]);
  const int64_t down = rows.shape()[0], across = columns.shape()[0];
  Tensor all(DType::kF32, {across + down * (across + 1), rows.shape()[1]});
  auto to = std::ranges::copy(columns.floats(), all.floats().begin()).out;
  for (size_t i = 0; i < static_cast<size_t>(down); ++i) {
    const size_t line = static_cast<size_t>(across) * size;
    to = std::ranges::copy(rows.floats().subspan(i * size, size), to).out;
    to = std::ranges::copy(mixed.floats().subspan(i * line, line), to).out;
  }
  return all;
}

}  // namespace

gan::SampleResult SampleMixed(gan::Model::State& state, const std::string& output,
                              const gan::SampleOptions& options, const gan::SampleEvents& events) {
  CheckMixing(state, output, options);
  const auto start = std::chrono::steady_clock::now();
  const StyleSpace& space = state.model.style->space;
  RequireLayers(space, MixedLayers(options, space));
  // All their styles are held.
  constexpr size_t kMost = 10'000;
  if (options.mix_columns.size() > kMost || options.mix_rows.size() > kMost ||
      (options.mix_rows.size() + 1) * (options.mix_columns.size() + 1) > kMost) {
    Fail(ErrorCode::kUsage, "mix", "wants a sheet of at most {} pictures, got {} x {}", kMost,
         options.mix_rows.size() + 1, options.mix_columns.size() + 1);
  }
  const Tensor latents = MixedSheetLatents(MixedStyles(state, options), options, space);
  const auto columns = static_cast<int64_t>(options.mix_columns.size()) + 1;
  const Tensor sheet = LatentSheet(state.Synthesis(), latents,
                                   {.columns = columns,
                                    .empty = 0,
                                    .max_memory = MemoryBudget(state.options),
                                    .progress = events.progress,
                                    .cancel = CoreFlag(events.cancel)});
  PictureWriteOptions write;
  write.provenance = options.provenance ? Provenance::kSampled : Provenance::kNone;
  WritePicture(output, sheet, write);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  return {.output = output,
          .kind = "sheet",
          .pictures = latents.shape()[0],
          .files = 1,
          .width = state.info.latent->width,
          .height = state.info.latent->height,
          .seconds = seconds.count()};
}

}  // namespace gan::core
