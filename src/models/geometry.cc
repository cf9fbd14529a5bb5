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
  if (in.IsConstant() || out.symbol() != in.symbol() || !out.IsExact()) fail();
  const Dim::Affine map = out.AsAffine();
  // out = in * num / den + add, so that a margin m shows as add = -2 m num / den.
  if (map.num < 1 || map.add > 0 || (-map.add * map.den) % (2 * map.num) != 0) fail();
  return {.scale_num = map.num,
          .scale_den = map.den,
          .margin = -map.add * map.den / (2 * map.num),
          .multiple = in.multiple()};
}

// Input pixels needed beside one whole step of the network's grid.
void AddContext(const Graph& graph, SpatialAxis axis, PictureGeometry& geometry) {
  // Both `multiple` input pixels and a whole number of output pixels.
  const int64_t step = std::lcm(geometry.multiple, geometry.scale_den);
  const Footprint footprint =
      FootprintOf(graph, axis, {0, step / geometry.scale_den * geometry.scale_num});
  const int64_t before = geometry.margin - footprint.input.begin;
  const int64_t after = footprint.input.end - (geometry.margin + step);
  geometry.context = std::max({geometry.context, before, after});
  geometry.everything |= footprint.everything;
}

}  // namespace

PictureGeometry GeometryOf(const Graph& graph) {
  const SymbolicShape& in = PictureShape(graph, graph.inputs, "input");
  const SymbolicShape& out = PictureShape(graph, graph.outputs, "output");
  PictureGeometry geometry = AlongAxis(graph, in[2], out[2]);
  if (AlongAxis(graph, in[3], out[3]) != geometry) {
    Fail(ErrorCode::kBadData, graph.name, "treats height and width unlike: {} becomes {}",
         ToString(in), ToString(out));
  }
  geometry.in_channels = in[1].constant();
  geometry.out_channels = out[1].constant();
  AddContext(graph, SpatialAxis::kHeight, geometry);
  AddContext(graph, SpatialAxis::kWidth, geometry);
  return geometry;
}

}  // namespace gan::core
