#include "models/geometry.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/error.h"
#include "graph/footprint.h"

namespace gan::core {
namespace {

const SymbolicShape& PictureShape(const Graph& graph, const std::vector<ValueId>& ids,
                                  std::string_view what) {
  if (ids.size() != 1) {
    Fail(ErrorCode::kBadData, graph.name, "wants one {}, the network has {}", what, ids.size());
  }
  const Value& value = graph.value(ids[0]);
  if (value.shape.size() != 4 || !value.shape[1].IsConstant()) {
    Fail(ErrorCode::kBadData, graph.name, "wants a picture [N, C, H, W] as {}, got \"{}\" {}", what,
         Printable(value.name), ToString(value.shape));
  }
  return value.shape;
}

// Scale and margin along one axis.
PictureGeometry AlongAxis(const Graph& graph, const Dim& in, const Dim& out) {
  const auto fail = [&] {
    Fail(ErrorCode::kBadData, graph.name,
         "makes {} of {}; wants a whole multiple or fraction of the input, less a border",
         out.ToString(), in.ToString());
  };
  if (in.IsConstant() && out.IsConstant()) {
    const int64_t common = std::gcd(in.constant(), out.constant());
    return {.scale_num = out.constant() / common,
            .scale_den = in.constant() / common,
            .everything = true};
  }
  if (in.IsConstant() || out.symbol() != in.symbol() || !out.IsExact()) fail();
  const Dim::Affine map = out.AsAffine();
  // out = in * num / den + add, so that a margin m shows as add = -2 m num / den.
  if (map.num < 1 || map.add > 0 || (-map.add * map.den) % (2 * map.num) != 0) fail();
  return {.scale_num = map.num,
          .scale_den = map.den,
          .margin = -map.add * map.den / (2 * map.num),
          .multiple = in.multiple()};
}

// Input pixels needed beside `step` pixels that are a whole step of the network's grid.
int64_t ContextOf(const Graph& graph, SpatialAxis axis, int64_t step, const GrainOfNode& grain,
                  PictureGeometry& geometry) {
  const Footprint footprint =
      FootprintOf(graph, axis, {0, step / geometry.scale_den * geometry.scale_num}, grain);
  geometry.everything |= footprint.everything;
  return std::max(geometry.margin - footprint.input.begin,
                  footprint.input.end - (geometry.margin + step));
}

void AddContext(const Graph& graph, SpatialAxis axis, const GrainOfNode& grain,
                PictureGeometry& geometry) {
  // Both `multiple` input pixels and a whole number of output pixels.
  const int64_t step = std::lcm(geometry.multiple, geometry.scale_den);
  geometry.context = std::max(geometry.context, ContextOf(graph, axis, step, nullptr, geometry));
  if (!grain) return;
  geometry.exact_context =
      std::max(geometry.exact_context,
               ContextOf(graph, axis, std::lcm(step, geometry.grid), grain, geometry));
}

// Input pixels by which a crop may be moved so that every node's grid moves by whole steps.
int64_t GridOf(const Graph& graph, const GrainOfNode& grain) {
  int64_t grid = 1;
  for (size_t n = 0; grain && n < graph.nodes.size(); ++n) {
    const int64_t step = grain(n).step;
    const Dim& height = graph.value(graph.nodes[n].output).shape[2];
    if (step == 1 || height.IsConstant()) continue;
    // A move by m input pixels is one by m num / den of the node's.
    const Dim::Affine map = height.AsAffine();
    grid = std::lcm(grid, step * map.den / std::gcd(step * map.den, map.num));
  }
  return grid;
}

}  // namespace

PictureGeometry GeometryOf(const Graph& graph, const GrainOfNode& grain) {
  const SymbolicShape& in = PictureShape(graph, graph.inputs, "input");
  const SymbolicShape& out = PictureShape(graph, graph.outputs, "output");
  PictureGeometry geometry = AlongAxis(graph, in[2], out[2]);
  if (AlongAxis(graph, in[3], out[3]) != geometry) {
    Fail(ErrorCode::kBadData, graph.name, "treats height and width unlike: {} becomes {}",
         ToString(in), ToString(out));
  }
  geometry.in_channels = in[1].constant();
  geometry.out_channels = out[1].constant();
  if (geometry.everything) {
    geometry.fixed_height = in[2].constant();
    geometry.fixed_width = in[3].constant();
    return geometry;
  }
  geometry.grid = GridOf(graph, grain);
  AddContext(graph, SpatialAxis::kHeight, grain, geometry);
  AddContext(graph, SpatialAxis::kWidth, grain, geometry);
  return geometry;
}

}  // namespace gan::core
