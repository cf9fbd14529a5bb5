#include "models/swift_srgan/network.h"

#include <string>

#include "base/error.h"
#include "models/network_builder.h"

namespace gan::core {
namespace {

// Each channel by itself, then each pixel.
ValueId Separable(NetworkBuilder& net, const std::string& name, ValueId x, int64_t outputs,
                  int64_t kernel, bool bias) {
  const int64_t inputs = net.ChannelsOf(x);
  x = net.Convolution(name + ".depthwise", x, inputs,
                      {.kernel = kernel, .padding = kernel / 2, .bias = bias, .groups = inputs});
  return net.Convolution(name + ".pointwise", x, outputs, {.kernel = 1, .bias = bias});
}

ValueId PreluOf(NetworkBuilder& net, const std::string& name, ValueId x) {
  const ValueId slope = net.graph().Parameter(name + ".weight", {net.ChannelsOf(x)});
  return net.graph().Add(Prelu{}, {x, slope});
}

ValueId Normalised(NetworkBuilder& net, const std::string& name, ValueId x) {
  const ValueId made = Separable(net, name + ".cnn", x, net.ChannelsOf(x), 3, false);
  return net.BatchNorm(name + ".bn", made);
}

ValueId Doubled(NetworkBuilder& net, const std::string& name, ValueId x) {
  x = Separable(net, name + ".conv", x, 4 * net.ChannelsOf(x), 3, true);
  return PreluOf(net, name + ".act", net.graph().Add(PixelShuffle{2}, {x}));
}

}  // namespace

Graph SwiftSrganGraph(const SwiftSrganSizes& sizes) {
  NetworkBuilder net("swift-srgan");
  const ValueId image = net.graph().Input(
      "image", {Dim::Symbol("N"), sizes.channels, Dim::Symbol("H"), Dim::Symbol("W")});
  const ValueId first =
      PreluOf(net, "initial.act", Separable(net, "initial.cnn", image, sizes.features, 9, true));
  ValueId x = first;
  for (int64_t i = 0; i < sizes.blocks; ++i) {
    const std::string name = fmt::format("residual.{}.block", i);
    const ValueId inner = PreluOf(net, name + "1.act", Normalised(net, name + "1", x));
    x = net.Sum(x, Normalised(net, name + "2", inner));
  }
  x = net.Sum(first, Normalised(net, "convblock", x));
  for (int64_t i = 0; i < sizes.doublings; ++i) x = Doubled(net, fmt::format("upsampler.{}", i), x);
  x = net.Tanh(Separable(net, "final_conv", x, sizes.channels, 9, true));
  return net.Finish(net.graph().Add(Affine{.scale = 0.5f, .shift = 0.5f}, {x}));
}

}  // namespace gan::core
