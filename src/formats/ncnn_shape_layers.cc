// Layers that move, cut, join or resample pixels.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "formats/ncnn_layers.h"

namespace gan::core {
namespace {

constexpr int64_t kWhole = -233;            // "as far as it goes"
constexpr int64_t kFar = int64_t{1} << 30;  // an end that lies past every picture

NcnnBlob Same(NcnnCall& call) {
  call.RequireInputs(1, 1);
  return call.inputs[0];
}

NcnnBlob Dropout(NcnnCall& call) {
  call.RequireInputs(1, 1);
  const float scale = call.layer.Float(0, 1);
  if (scale == 1) return call.inputs[0];
  return {call.Add(Affine{.scale = scale}, {call.inputs[0].value}), call.inputs[0].vector};
}

// What to cut from the end for `count` elements to be left after `begin`: known for constant sizes.
int64_t EndMargin(const NcnnCall& call, const Dim& size, int64_t begin, int64_t count) {
  if (!size.IsConstant()) {
    call.layer.FailHere("crops pictures to one fixed size, {} of {}", count, size.ToString());
  }
  const int64_t left = size.constant() - begin;
  return left - std::min(left, count);
}

// Starts and ends of some axes, as numpy slices them.
NcnnBlob CropSlices(NcnnCall& call) {
  const NcnnBlob in = call.inputs[0];
  const std::vector<int64_t> starts = call.layer.Ints(9);
  const std::vector<int64_t> ends = call.layer.Ints(10);
  std::vector<int64_t> axes = call.layer.Ints(11);
  if (axes.empty()) {
    for (size_t i = 0; i < starts.size(); ++i) axes.push_back(static_cast<int64_t>(i));
  }
  if (ends.size() != starts.size() || axes.size() != starts.size()) {
    call.layer.FailHere("has {} starts, {} ends and {} axes", starts.size(), ends.size(),
                        axes.size());
  }
  ValueId out = in.value;
  for (size_t i = 0; i < starts.size(); ++i) {
    const size_t axis = call.Axis(in, axes[i]);
    const Dim size = call.ShapeOf(out)[axis];
    const int64_t begin = starts[i] == kWhole ? 0 : starts[i];
    if (begin < 0) call.layer.FailHere("starts {} from the end", -begin);
    int64_t margin = -ends[i];  // an end at or below 0 counts from the end
    if (ends[i] == kWhole || ends[i] >= kFar) margin = 0;
    if (margin < 0) margin = EndMargin(call, size, begin, ends[i] - begin);
    out = call.Cut(out, axis, begin, margin);
  }
  return {out, in.vector};
}

// How much longer one size is than another. Only sizes that differ by a constant can be told.
int64_t Difference(const NcnnCall& call, const Dim& longer, const Dim& shorter) {
  if (longer.symbol() == shorter.symbol() && longer.IsExact() && shorter.IsExact()) {
    const Dim::Affine a = longer.AsAffine();
    const Dim::Affine b = shorter.AsAffine();
    if (a.num == b.num && a.den == b.den) return a.add - b.add;
  }
  call.layer.FailHere("crops {} to {}: no constant number of pixels", longer.ToString(),
                      shorter.ToString());
}

struct CropKeys {
  size_t axis;  // of ours
  int offset, count, end_offset;
};
constexpr std::array kCropKeys = {CropKeys{1, 2, 5, 8}, CropKeys{2, 1, 4, 7}, CropKeys{3, 0, 3, 6}};

NcnnBlob Crop(NcnnCall& call) {
  call.RequireInputs(1, 2);
  for (const int key : {13, 14, 15, 19, 20, 21}) {
    if (call.layer.Has(key)) call.layer.FailHere("uses option {}, which gan does not know", key);
  }
  if (call.layer.Has(9) && call.layer.Has(10)) return CropSlices(call);
  const NcnnBlob in = call.inputs[0];
  ValueId out = in.value;
  for (const CropKeys& keys : kCropKeys) {
    // A vector is ncnn's width; the channels here.
    if (in.vector && keys.axis != 3) continue;
    const size_t axis = in.vector ? 1 : keys.axis;
    const Dim size = call.ShapeOf(out)[axis];
    const int64_t begin = call.layer.Int(keys.offset, 0, 0);
    int64_t margin = call.layer.Int(keys.end_offset, 0, 0);
    const int64_t count = call.layer.Int(keys.count, 0, kWhole);
    if (call.inputs.size() == 2) {
      margin = Difference(call, size, call.ShapeOf(call.inputs[1].value)[axis]) - begin;
      if (margin < 0) call.layer.FailHere("wants more pixels than there are");
    } else if (count != kWhole) {
      margin = std::max(margin, EndMargin(call, size, begin, count));
    }
    out = call.Cut(out, axis, begin, margin);
  }
  return {out, in.vector};
}

NcnnBlob Padding(NcnnCall& call) {
  call.RequireInputs(1, 1);
  const NcnnLayer& layer = call.layer;
  if (layer.Int(6, 0) != 0 || layer.Int(7, 0) != 0 || layer.Int(8, 0) != 0) {
    layer.FailHere("pads channels, which gan cannot do");
  }
  if (call.inputs[0].vector) layer.FailHere("wants a picture, its input is a vector");
  constexpr std::array kModes = {PadMode::kConstant, PadMode::kReplicate, PadMode::kReflect};
  const PadMode mode = kModes[static_cast<size_t>(layer.Int(4, 0, 0, 2))];
  const Padding2d padding{.top = layer.Int(0, 0, 0, 1 << 16),
                          .left = layer.Int(2, 0, 0, 1 << 16),
                          .bottom = layer.Int(1, 0, 0, 1 << 16),
                          .right = layer.Int(3, 0, 0, 1 << 16)};
  return {call.Add(Pad2d{mode, padding, layer.Float(5, 0)}, {call.inputs[0].value}), false};
}

// A decimal like 1.333333 as the fraction that was meant.
Size2d AsFraction(const NcnnCall& call, float scale) {
  for (int64_t den = 1; den <= 64; ++den) {
    const double num = static_cast<double>(scale) * static_cast<double>(den);
    const double whole = std::round(num);
    if (whole >= 1 && whole <= 4096 && std::abs(num - whole) <= 2e-6 * num) {
      return {static_cast<int64_t>(whole), den};
    }
  }
  call.layer.FailHere("resizes by {}, which is no simple fraction", scale);
}

NcnnBlob Interp(NcnnCall& call) {
  call.RequireInputs(1, 1);
  const NcnnLayer& layer = call.layer;
  if (layer.Int(3, 0) != 0 || layer.Int(4, 0) != 0 || layer.Has(9)) {
    layer.FailHere("resizes to one fixed size; wants a scale");
  }
  if (call.inputs[0].vector) layer.FailHere("wants a picture, its input is a vector");
  constexpr std::array kModes = {ResizeMode::kNearest, ResizeMode::kBilinear, ResizeMode::kBicubic};
  const ResizeMode mode = kModes[static_cast<size_t>(layer.Int(0, 0, 1, 3)) - 1];
  ResizeCoordinates coordinates = ResizeCoordinates::kAsymmetric;
  if (mode != ResizeMode::kNearest) {
    coordinates =
        layer.Int(6, 0) != 0 ? ResizeCoordinates::kAlignCorners : ResizeCoordinates::kHalfPixel;
  }
  const Size2d rows = AsFraction(call, layer.Float(1, 1));
  const Size2d columns = AsFraction(call, layer.Float(2, 1));
  const Resize op{mode, coordinates, {rows.h, columns.h}, {rows.w, columns.w}};
  if (op.num == op.den) return call.inputs[0];
  return {call.Add(op, {call.inputs[0].value}), false};
}

NcnnBlob Shuffle(NcnnCall& call) {
  call.RequireInputs(1, 1);
  if (call.layer.Int(1, 0) != 0) call.layer.FailHere("orders channels as TensorFlow does");
  const PixelShuffle op{call.layer.Int(0, 1, 1, 1 << 10)};
  return {call.Add(op, {call.inputs[0].value}), false};
}

NcnnBlob Reorg(NcnnCall& call) {
  call.RequireInputs(1, 1);
  if (call.layer.Int(1, 0) != 0) call.layer.FailHere("orders channels as TensorFlow does");
  const PixelUnshuffle op{call.layer.Int(0, 1, 1, 1 << 10)};
  return {call.Add(op, {call.inputs[0].value}), false};
}

NcnnBlob Join(NcnnCall& call) {
  call.RequireInputs(1, call.inputs.size());
  const NcnnBlob first = call.inputs[0];
  if (call.Axis(first, call.layer.Int(0, 0)) != 1) {
    call.layer.FailHere("joins pictures side by side; gan joins channels only");
  }
  std::vector<ValueId> values;
  for (const NcnnBlob& blob : call.inputs) {
    if (blob.vector != first.vector) call.layer.FailHere("joins vectors with pictures");
    values.push_back(blob.value);
  }
  if (values.size() == 1) return first;
  return {call.Add(Concat{}, std::move(values)), first.vector};
}

void RequireOnePixel(const NcnnCall& call) {
  call.RequireInputs(1, 1);
  const SymbolicShape& shape = call.ShapeOf(call.inputs[0].value);
  if (shape[2] == Dim(1) && shape[3] == Dim(1)) return;
  call.layer.FailHere("rearranges a picture {}, which gan cannot do", ToString(shape));
}

NcnnBlob Flatten(NcnnCall& call) {
  if (!call.inputs.empty() && call.inputs[0].vector) return Same(call);
  RequireOnePixel(call);
  return {call.inputs[0].value, true};
}

// Between [C] and [C, 1, 1], which are the same here.
NcnnBlob Reshape(NcnnCall& call) {
  RequireOnePixel(call);
  const int64_t width = call.layer.Int(0, kWhole);
  const int64_t height = call.layer.Int(1, kWhole);
  const int64_t channels = call.layer.Int(2, kWhole);
  const auto all = [&](int64_t size) { return size == -1 || size == call.Channels(0); };
  if (height == kWhole && channels == kWhole && all(width)) return {call.inputs[0].value, true};
  if (width == 1 && height == 1 && all(channels)) return {call.inputs[0].value, false};
  call.layer.FailHere("makes {} x {} x {} of {} channels, which gan cannot do", width, height,
                      channels, call.Channels(0));
}

constexpr std::array kLayers = {
    NcnnLayerType{"Noop", Same},       NcnnLayerType{"Dropout", Dropout},
    NcnnLayerType{"Crop", Crop},       NcnnLayerType{"Padding", Padding},
    NcnnLayerType{"Interp", Interp},   NcnnLayerType{"PixelShuffle", Shuffle},
    NcnnLayerType{"Reorg", Reorg},     NcnnLayerType{"Concat", Join},
    NcnnLayerType{"Flatten", Flatten}, NcnnLayerType{"Reshape", Reshape},
};

}  // namespace

std::span<const NcnnLayerType> NcnnShapeLayers() { return kLayers; }

}  // namespace gan::core
