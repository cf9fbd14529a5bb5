#include "kernels/correlate.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "kernels/correlate_tiles.h"

namespace gan::core::kernels {
namespace {

size_t BytesPerThread(const TilePlan& plan) {
  return static_cast<size_t>(plan.copy + plan.sums) * sizeof(float);
}

}  // namespace

TapFilter::TapFilter(int64_t groups, int64_t inputs, int64_t outputs, std::vector<Tap> taps)
    : groups_(groups),
      inputs_(inputs),
      outputs_(outputs),
      taps_(std::move(taps)),
      packed_(Tensor::Zeros(DType::kF32, {groups, blocks(), inputs,
                                          static_cast<int64_t>(taps_.size()), kOutputBlock})) {}

size_t TapFilter::Position(int64_t group, int64_t output, int64_t input, size_t tap) const {
  const int64_t block = group * blocks() + output / kOutputBlock;
  const size_t place = static_cast<size_t>(block * inputs_ + input) * taps_.size() + tap;
  return place * kOutputBlock + static_cast<size_t>(output % kOutputBlock);
}

float& TapFilter::Weight(int64_t group, int64_t output, int64_t input, size_t tap) {
  return packed_.floats()[Position(group, output, input, tap)];
}

float TapFilter::Weight(int64_t group, int64_t output, int64_t input, size_t tap) const {
  return packed_.floats()[Position(group, output, input, tap)];
}

const float* TapFilter::Block(int64_t group, int64_t block) const {
  return packed_.floats().data() + Position(group, block * kOutputBlock, 0, 0);
}

size_t CorrelateWorkspaceBytes(const CorrelateGeometry& geometry, int threads) {
  return BytesPerThread(PlanTiles(geometry)) * static_cast<size_t>(threads);
}

void Correlate(const ConstTensorView& x, const TapFilter& filter, const ConstTensorView& bias,
               const CorrelateGeometry& geometry, const OutputGrid& out,
               std::span<std::byte> workspace, ThreadPool& pool) {
  GAN_ASSERT(x.shape.rank() == 4 && x.shape[1] == filter.groups() * filter.inputs());
  GAN_ASSERT(geometry.inputs == filter.inputs() && geometry.taps.size() == filter.taps().size());
  const TilePlan plan = PlanTiles(geometry);
  const size_t bytes = BytesPerThread(plan);
  GAN_ASSERT(workspace.size() >= bytes * static_cast<size_t>(pool.threads()));
  const int64_t tiles = plan.tiles_down * plan.tiles_across;
  const int64_t copies = x.shape[0] * filter.groups() * tiles;
  if (copies == 0) return;
  // Few tiles leave threads idle, so each is split by output channels and copied more than once.
  const int64_t wanted = pool.threads() == 1 ? 1 : 4 * pool.threads();
  const int64_t parts = std::clamp<int64_t>(wanted / copies, 1, filter.blocks());
  pool.ParallelFor(copies * parts, [&](int64_t item, int thread) {
    const int64_t part = item % parts;
    const int64_t tile = item / parts % tiles;
    const int64_t group = item / parts / tiles % filter.groups();
    const int64_t n = item / parts / tiles / filter.groups();
    const int64_t first_block = part * filter.blocks() / parts;
    const int64_t first = first_block * TapFilter::kOutputBlock;
    const int64_t end =
        std::min(filter.outputs(), (part + 1) * filter.blocks() / parts * TapFilter::kOutputBlock);
    const int64_t channel = group * filter.outputs() + first;
    const TilePlace place = PlaceOf(plan, geometry, tile);
    auto* copy = reinterpret_cast<float*>(workspace.data() + bytes * static_cast<size_t>(thread));
    CopyTile(x, n, group * filter.inputs(), geometry, plan, place, copy);
    TileJob job{};
    job.copy = copy;
    job.channel = plan.channel;
    job.inputs = filter.inputs();
    job.offsets = plan.offsets.data();
    job.taps = static_cast<int64_t>(plan.offsets.size());
    job.weights = filter.Block(group, first_block);
    job.bias = bias.data == nullptr ? nullptr : Floats(bias) + channel;
    job.outputs = end - first;
    job.sums = copy + plan.copy;
    job.rows = place.rows;
    job.columns = place.columns;
    job.pitch = plan.pitch;
    job.out = out.data + n * out.picture + channel * out.channel + place.y * out.row +
              place.x * out.column;
    job.out_channel = out.channel;
    job.out_row = out.row;
    job.out_column = out.column;
    CorrelateTile(job);
  });
}

}  // namespace gan::core::kernels
