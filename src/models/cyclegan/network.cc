#include "models/cyclegan/network.h"

#include "base/error.h"

namespace gan::core {
namespace {

ValueId Followed(TranslatorBuilder& net, const TranslatorLayer& layer, ValueId x) {
  if (layer.norm == FollowingNorm::kNone) return x;
  return net.Relu(net.Norm(layer, x));
}

ValueId FilterOf(TranslatorBuilder& net, const CycleGanStep& step, ValueId x) {
  return net.graph().Parameter(step.filter,
                               {net.ChannelsOf(x), 1, step.filter_size, step.filter_size});
}

// Each channel through the filter, every second pixel kept.
ValueId FilteredDown(TranslatorBuilder& net, const CycleGanStep& step, ValueId x) {
  const int64_t size = step.filter_size, before = (size - 1) / 2, after = size / 2;
  const ValueId padded = net.Pad(x, PadMode::kReflect, {before, before, after, after});
  return net.graph().Add(
      Conv2d{.kernel = {size, size}, .stride = {2, 2}, .groups = net.ChannelsOf(x)},
      {padded, FilterOf(net, step, x)});
}

// Zeros between the pixels, the edge repeated once, each channel through the filter. An even filter
// leaves a pixel too many at either end, an odd one at the beginning.
ValueId FilteredUp(TranslatorBuilder& net, const CycleGanStep& step, ValueId x) {
  const int64_t size = step.filter_size, cut = (size - 1) / 2 + 2, odd = size % 2;
  const ValueId padded = net.Pad(x, PadMode::kReplicate, {1, 1, 1, 1});
  return net.graph().Add(ConvTranspose2d{.kernel = {size, size},
                                         .stride = {2, 2},
                                         .padding = {cut, cut, cut - odd, cut - odd},
                                         .groups = net.ChannelsOf(x)},
                         {padded, FilterOf(net, step, x)});
}

ValueId Down(TranslatorBuilder& net, const CycleGanNetwork& network, const CycleGanStep& step,
             ValueId x) {
  if (step.sampling == Sampling::kFiltered) {
    return FilteredDown(net, step, Followed(net, step.layer, net.Convolution(step.layer, x, 1, 1)));
  }
  const int64_t border = (step.layer.kernel - 1) / 2;
  const ValueId halved = network.reflect_downs ? net.Reflected(step.layer, x, 2, border)
                                               : net.Convolution(step.layer, x, 2, border);
  return Followed(net, step.layer, halved);
}

ValueId Doubled(TranslatorBuilder& net, ValueId x, bool smooth) {
  Resize resize{.num = {2, 2}};
  if (smooth) {
    resize.mode = ResizeMode::kBilinear;
    resize.coordinates = ResizeCoordinates::kHalfPixel;
  }
  return net.graph().Add(resize, {x});
}

ValueId Up(TranslatorBuilder& net, const CycleGanStep& step, ValueId x) {
  switch (step.sampling) {
    case Sampling::kStrided:
      return net.Transposed(step.layer, x, (step.layer.kernel - 1) / 2, step.layer.kernel % 2);
    case Sampling::kFiltered: return net.Convolution(step.layer, FilteredUp(net, step, x), 1, 1);
    case Sampling::kBilinear: return net.Reflected(step.layer, Doubled(net, x, true), 1, 1);
    case Sampling::kNearest: return net.Convolution(step.layer, Doubled(net, x, false), 1, 1);
  }
  GAN_ASSERT(false);
  return x;
}

ValueId Block(TranslatorBuilder& net, const CycleGanNetwork& network,
              const std::pair<TranslatorLayer, TranslatorLayer>& block, ValueId x) {
  const auto convolve = [&](const TranslatorLayer& layer, ValueId y) {
    return net.Norm(layer, network.reflect_blocks ? net.Reflected(layer, y, 1, 1)
                                                  : net.Convolution(layer, y, 1, 1));
  };
  ValueId inner = net.Relu(convolve(block.first, x));
  if (network.dropout) inner = net.graph().Add(Dropout{.probability = 0.5f}, {inner});
  return net.Sum(x, convolve(block.second, inner));
}

}  // namespace

Graph CycleGanGraph(const CycleGanNetwork& network) {
  TranslatorBuilder net("cyclegan", network.inputs, int64_t{1} << network.downs.size());
  ValueId x = net.Reflected(network.head, net.image(), 1, network.head.kernel / 2);
  x = Followed(net, network.head, x);
  for (const CycleGanStep& step : network.downs) x = Down(net, network, step, x);
  for (const auto& block : network.blocks) x = Block(net, network, block, x);
  for (const CycleGanStep& step : network.ups) x = Followed(net, step.layer, Up(net, step, x));
  x = net.Reflected(network.tail, x, 1, network.tail.kernel / 2);
  return net.Finish(net.Tanh(x));
}

}  // namespace gan::core
