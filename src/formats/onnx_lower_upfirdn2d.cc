// Enlarging, filtering and thinning, as convolutions of each channel by itself.
#include <algorithm>

#include "formats/onnx_lowering.h"

namespace gan::core {
namespace {

// Places the enlarged picture in one go, where no pixel is dropped afterwards.
struct Transposed {
  int64_t top, left, bottom, right;
  bool fits;
};

Transposed TransposedPads(const Upfirdn2d& op) {
  Transposed pads{op.filter.h - 1 - op.padding.top, op.filter.w - 1 - op.padding.left,
                  op.filter.h - op.up.h - op.padding.bottom,
                  op.filter.w - op.up.w - op.padding.right, false};
  pads.fits =
      op.down == Size2d{1, 1} && std::min({pads.top, pads.left, pads.bottom, pads.right}) >= 0;
  return pads;
}

// up - 1 zeros behind each pixel.
std::string Spread(const Upfirdn2d& op, const std::string& x, int64_t channels, OnnxLowering& to) {
  return to.Make(
      "ConvTranspose", {x, to.Filled({channels, 1, 1, 1}, 1)},
      {OnnxIntegers("kernel_shape", {1, 1}), OnnxIntegers("strides", {op.up.h, op.up.w}),
       OnnxIntegers("output_padding", {op.up.h - 1, op.up.w - 1}), OnnxInteger("group", channels)});
}

}  // namespace

void LowerToOnnx(const Upfirdn2d& op, OnnxLowering& to) {
  const int64_t channels = to.Channels();
  const bool enlarges = op.up != Size2d{1, 1};
  const Transposed pads = TransposedPads(op);
  std::vector<ProtoWriter> attributes = {OnnxIntegers("kernel_shape", {op.filter.h, op.filter.w}),
                                         OnnxInteger("group", channels)};
  if (enlarges && pads.fits) {
    attributes.push_back(OnnxIntegers("strides", {op.up.h, op.up.w}));
    attributes.push_back(OnnxIntegers("pads", {pads.top, pads.left, pads.bottom, pads.right}));
    const Tensor filters = op.DepthwiseFilter(to.Parameter(1), channels, false);
    return to.Finish("ConvTranspose", {to.In(0), to.Constant(filters)}, attributes);
  }
  const std::string x = enlarges ? Spread(op, to.In(0), channels, to) : to.In(0);
  const Padding2d& p = op.padding;
  attributes.push_back(OnnxIntegers("strides", {op.down.h, op.down.w}));
  attributes.push_back(OnnxIntegers("pads", {p.top, p.left, p.bottom, p.right}));
  const Tensor filters = op.DepthwiseFilter(to.Parameter(1), channels, true);
  to.Finish("Conv", {x, to.Constant(filters)}, attributes);
}

}  // namespace gan::core
