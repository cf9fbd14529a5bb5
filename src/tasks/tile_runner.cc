#include "tasks/tile_runner.h"

#include <algorithm>
#include <optional>
#include <span>

#include "base/error.h"
#include "media/samples.h"
#include "tasks/alpha.h"

namespace gan::core {
namespace {

std::span<float> Plane(const TensorView& picture, int64_t plane) {
  const int64_t area = picture.shape[1] * picture.shape[2];
  return {Floats(picture) + plane * area, static_cast<size_t>(area)};
}

void RequireFinite(std::span<const float> values, ThreadPool* pool) {
  if (AllFinite(values, pool)) return;
  Fail(ErrorCode::kInternal, "upscale",
       "the network made NaN or infinity: its weights are broken, or this picture takes it beyond "
       "the numbers it can hold");
}

}  // namespace

TileRunner::TileRunner(Executable& network, int colours, bool has_alpha, AlphaMethod alpha,
                       SampleRange range, ThreadPool* pool)
    : network_(network),
      geometry_(GeometryOf(network.graph(), [&](size_t node) { return network.GrainOf(node); })),
      colours_(colours),
      made_colours_(geometry_.in_channels == geometry_.out_channels ? colours
                                                                    : geometry_.out_channels),
      has_alpha_(has_alpha),
      alpha_(alpha),
      range_(range),
      pool_(pool) {
  GAN_ASSERT(colours == 1 || colours == 3);
  const int64_t in = geometry_.in_channels, out = geometry_.out_channels;
  if ((in != 1 && in != 3) || (out != 1 && out != 3)) {
    Fail(ErrorCode::kBadData, "upscale",
         "wants a network of 1 or 3 channels in and out, this one has {} in and {} out", in, out);
  }
  if (in != out && colours != in) {
    Fail(ErrorCode::kBadData, "upscale",
         "the network makes {} channels of {}; wants a picture of {}, got one of {}", out, in, in,
         colours);
  }
  if (in != out) alpha_ = AlphaMethod::kLanczos;
  if (has_alpha && alpha_ == AlphaMethod::kLanczos && geometry_.scale_den != 1) {
    Fail(ErrorCode::kUsage, "upscale",
         "alpha by Lanczos wants a network of a whole scale, this one has {}/{}: let the network "
         "do alpha too",
         geometry_.scale_num, geometry_.scale_den);
  }
}

TileRules TileRunner::rules() const {
  return {.scale_num = geometry_.scale_num,
          .scale_den = geometry_.scale_den,
          .margin = geometry_.margin,
          .multiple = geometry_.multiple,
          .context = geometry_.context,
          .grid = geometry_.grid,
          .exact_context = geometry_.exact_context,
          .everything = geometry_.everything};
}

int64_t TileRunner::reach() const { return has_alpha_ ? kAlphaReach : 0; }

uint64_t TileRunner::Bytes(const TilePlan& plan, int64_t block_height, int64_t block_width) const {
  const int64_t in = plan.y.in_size * plan.x.in_size;
  const int64_t out = plan.y.out_size * plan.x.out_size;
  const Shape input{1, geometry_.in_channels, plan.y.in_size, plan.x.in_size};
  const uint64_t network = network_.Memory(BindInputs(network_.graph(), {input})).total();
  const bool apart = geometry_.in_channels > 1 && (colours_ == 1 || has_alpha_);
  const int64_t floats = geometry_.in_channels * (in + (apart ? out : 0))  // see output_
                         + made_channels() * out                           // the tile's result
                         + channels() * block_height * block_width;
  // Bleeding keeps lists of transparent pixels, certain alpha a plane.
  const int64_t alpha_bytes = has_alpha_ ? 32 * block_height * block_width : 0;
  return network + static_cast<uint64_t>(floats) * sizeof(float) +
         static_cast<uint64_t>(alpha_bytes);
}

std::vector<TileRunner::Planes> TileRunner::RunsFor(int64_t first_plane, int64_t count) const {
  const auto channels = static_cast<size_t>(geometry_.in_channels);
  std::vector<Planes> runs;
  for (int64_t plane = first_plane; plane < first_plane + count; ++plane) {
    if (geometry_.in_channels == count && !runs.empty()) {
      runs[0].push_back(plane);
    } else {
      runs.push_back(Planes(geometry_.in_channels == count ? 1 : channels, plane));
    }
  }
  return runs;
}

void TileRunner::RunPlanes(const Planes& planes, const TileWindow& rows, const TileWindow& columns,
                           const TensorView& block, const TensorView& out) {
  const auto height = static_cast<int64_t>(rows.gather.size());
  const auto width = static_cast<int64_t>(columns.gather.size());
  const auto channels = static_cast<int64_t>(planes.size());
  const Shape in_shape{1, channels, height, width};
  const int64_t made_channels = made_colours_ == colours_ ? channels : made_colours_;
  const Shape out_shape{1, made_channels, rows.out_size, columns.out_size};
  if (!(input_.shape() == in_shape)) input_ = Tensor(DType::kF32, in_shape);
  // A plane that is given to all channels comes back as several.
  const bool apart = channels > 1 && planes.front() == planes.back();
  if (apart && !(output_.shape() == out_shape)) output_ = Tensor(DType::kF32, out_shape);

  const float span = range_.high - range_.low;
  ShareOut(pool_, channels * height, [&](int64_t begin, int64_t end) {
    float* to = input_.floats().data() + begin * width;
    for (int64_t i = begin; i < end; ++i) {
      const float* from = Plane(block, planes[static_cast<size_t>(i / height)]).data() +
                          rows.gather[static_cast<size_t>(i % height)] * columns.block_size();
      for (const int64_t x : columns.gather) *to++ = from[x] * span + range_.low;
    }
  });
  const ConstTensorView in_view = input_.view();
  const size_t area = static_cast<size_t>(rows.out_size * columns.out_size);
  float* made = apart ? output_.floats().data() : Plane(out, planes.front()).data();
  const TensorView out_view(made, DType::kF32, out_shape);
  network_.Run({&in_view, 1}, {&out_view, 1});
  const std::span<float> samples(made, static_cast<size_t>(made_channels) * area);
  RequireFinite(samples, pool_);
  if (range_.low != 0 || range_.high != 1) {
    for (float& sample : samples) sample = (sample - range_.low) / span;
  }
  if (!apart) return;
  const std::span<float> plane = Plane(out, planes.front());
  for (size_t i = 0; i < area; ++i) {
    plane[i] = (made[i] + made[area + i] + made[2 * area + i]) * (1.0f / 3);
  }
}

void TileRunner::RunAlpha(const TileWindow& rows, const TileWindow& columns,
                          const TensorView& block, const TensorView& out) {
  const std::span<const float> alpha = Plane(block, colours_);
  const std::span<float> made = Plane(out, made_colours_);
  if (alpha_ == AlphaMethod::kLanczos) {
    EnlargeAlpha(alpha, rows, columns, made);
  } else {
    for (const Planes& planes : RunsFor(colours_, 1)) RunPlanes(planes, rows, columns, block, out);
  }
  KeepCertainAlpha(alpha, rows, columns, made);
}

void TileRunner::Run(const TileWindow& rows, const TileWindow& columns, const TensorView& block,
                     const TensorView& out) {
  network_.PlaceAt(rows.out_begin / rows.scale_num * rows.scale_den,
                   columns.out_begin / columns.scale_num * columns.scale_den);
  if (has_alpha_) {
    const std::span<float> alpha = Plane(block, colours_);
    const std::optional<float> constant = ConstantValue(alpha);
    if (constant && (*constant == 0 || *constant == 1)) {
      std::ranges::fill(Plane(out, made_colours_), *constant);
    } else {
      RunAlpha(rows, columns, block, out);
      BleedColours(block);
    }
  }
  for (const Planes& planes : RunsFor(0, colours_)) RunPlanes(planes, rows, columns, block, out);
}

}  // namespace gan::core
