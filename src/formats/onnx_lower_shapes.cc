// Ops that move numbers, and those that resample.
#include <limits>
#include <numeric>

#include "formats/onnx_lowering.h"

namespace gan::core {
namespace {

constexpr std::string_view ModeOf(PadMode mode) {
  switch (mode) {
    case PadMode::kConstant: return "constant";
    case PadMode::kReflect: return "reflect";
    case PadMode::kReplicate: return "edge";
  }
  return "";
}

constexpr std::string_view ModeOf(ResizeMode mode) {
  switch (mode) {
    case ResizeMode::kNearest: return "nearest";
    case ResizeMode::kBilinear: return "linear";
    case ResizeMode::kBicubic: return "cubic";
  }
  return "";
}

// Runtimes multiply sizes by the scale in f32: of fractions as simple as these the product of a
// whole number is right.
constexpr int64_t kLargestScale = 4096, kLargestDivisor = 16;

float ScaleOf(const OnnxLowering& to, int64_t num, int64_t den) {
  const int64_t g = std::gcd(num, den);
  if (num / g > kLargestScale || den / g > kLargestDivisor) {
    to.FailHere("the scale {}/{} is no simple fraction", num, den);
  }
  return static_cast<float>(num) / static_cast<float>(den);
}

}  // namespace

void LowerToOnnx(const Concat&, OnnxLowering& to) {
  to.Finish("Concat", to.Ins(), {OnnxInteger("axis", 1)});
}

void LowerToOnnx(const Pad2d& op, OnnxLowering& to) {
  const Padding2d& p = op.padding;
  std::vector<std::string> inputs = {to.In(0),
                                     to.Integers({0, 0, p.top, p.left, 0, 0, p.bottom, p.right})};
  if (op.mode == PadMode::kConstant) inputs.push_back(to.Number(op.value));
  to.Finish("Pad", inputs, {OnnxText("mode", ModeOf(op.mode))});
}

void LowerToOnnx(const PixelShuffle& op, OnnxLowering& to) {
  // CRD is PyTorch's order of channels.
  to.Finish("DepthToSpace", {to.In(0)},
            {OnnxInteger("blocksize", op.factor), OnnxText("mode", "CRD")});
}

// SpaceToDepth knows another order of channels alone, and a Reshape would need the sizes: so each
// channel goes through filters that are 1 at one place and 0 elsewhere.
void LowerToOnnx(const PixelUnshuffle& op, OnnxLowering& to) {
  const int64_t f = op.factor, channels = to.Channels();
  Tensor filters = Tensor::Zeros(DType::kF32, {channels * f * f, 1, f, f});
  for (int64_t i = 0; i < channels * f * f; ++i) {
    filters.floats()[static_cast<size_t>(i * f * f + i % (f * f))] = 1;
  }
  to.Finish("Conv", {to.In(0), to.Constant(filters)},
            {OnnxIntegers("kernel_shape", {f, f}), OnnxIntegers("strides", {f, f}),
             OnnxInteger("group", channels)});
}

void LowerToOnnx(const Reshape& op, OnnxLowering& to) {
  std::vector<int64_t> sizes = {0};  // as many pictures as there are
  sizes.insert(sizes.end(), op.sizes.begin(), op.sizes.end());
  to.Finish("Reshape", {to.In(0), to.Integers(sizes)});
}

void LowerToOnnx(const Resize& op, OnnxLowering& to) {
  const std::vector<float> scales = {1, 1, ScaleOf(to, op.num.h, op.den.h),
                                     ScaleOf(to, op.num.w, op.den.w)};
  std::vector<ProtoWriter> attributes = {
      OnnxText("mode", ModeOf(op.mode)),
      OnnxText("coordinate_transformation_mode", NameOf(op.coordinates))};
  if (op.mode == ResizeMode::kNearest) {
    const bool down = op.coordinates == ResizeCoordinates::kAsymmetric;
    attributes.push_back(OnnxText("nearest_mode", down ? "floor" : "round_prefer_ceil"));
  }
  if (op.mode == ResizeMode::kBicubic) attributes.push_back(OnnxNumber("cubic_coeff_a", -0.75f));
  to.Finish("Resize", {to.In(0), "", to.Constant(Tensor::FromFloats({4}, scales))}, attributes);
}

void LowerToOnnx(const Transpose& op, OnnxLowering& to) {
  to.Finish("Transpose", {to.In(0)}, {OnnxIntegers("perm", op.order)});
}

void LowerToOnnx(const Slice& op, OnnxLowering& to) {
  const int64_t end = op.end_margin > 0 ? -op.end_margin : std::numeric_limits<int64_t>::max();
  to.Finish("Slice",
            {to.In(0), to.Integers({op.begin}), to.Integers({end}), to.Integers({op.axis})});
}

}  // namespace gan::core
