#include "models/pix2pix/network.h"

#include <algorithm>

#include "base/error.h"

namespace gan::core {

// [LeakyReLU,] convolution [, norm], what is inside, ReLU, transposed convolution [, norm]. The
// outermost begins and ends without the brackets, the innermost has no norm on the way down.
Graph UnetGraph(const UnetNetwork& network) {
  const size_t levels = network.levels.size();
  GAN_ASSERT(levels >= 2 && levels <= 16);
  TranslatorBuilder net("pix2pix", network.inputs, int64_t{1} << levels);
  std::vector<ValueId> skips;
  ValueId x = net.image();
  for (size_t i = 0; i < levels; ++i) {
    const TranslatorLayer& down = network.levels[i].down;
    if (i > 0) x = net.LeakyRelu(x, 0.2f);
    x = net.Norm(down, net.Convolution(down, x, 2, 1));
    skips.push_back(x);
  }
  for (size_t i = levels; i-- > 0;) {
    const TranslatorLayer& up = network.levels[i].up;
    if (i + 1 < levels) x = net.graph().Add(Concat{}, {skips[i], x});
    x = net.Norm(up, net.Transposed(up, net.Relu(x), 1, 0));
    if (network.levels[i].dropout) x = net.graph().Add(Dropout{.probability = 0.5f}, {x});
  }
  return net.Finish(net.Tanh(x));
}

UnetNames UnetNamesAt(int64_t level, bool innermost) {
  std::string head;
  for (int64_t i = 0; i < level; ++i) head += i == 0 ? "1.model." : "3.model.";
  if (level == 0) return {"0", "none", "3", "none"};
  if (innermost) return {head + "1", "none", head + "3", head + "4"};
  return {head + "1", head + "2", head + "5", head + "6"};
}

bool HasUnetDropout(int64_t level, int64_t levels) { return level >= 4 && level + 1 < levels; }

UnetNetwork UnetOf(const UnetSizes& sizes) {
  UnetNetwork network{.inputs = sizes.inputs};
  const bool bias = sizes.norm != FollowingNorm::kBatch;
  for (int64_t i = 0; i < sizes.levels; ++i) {
    const bool innermost = i + 1 == sizes.levels;
    const UnetNames names = UnetNamesAt(i, innermost);
    const int64_t inside = sizes.features << std::min<int64_t>(i, 3);
    const int64_t outside = i == 0 ? sizes.outputs : sizes.features << std::min<int64_t>(i - 1, 3);
    const bool bare = i == 0 || innermost;
    network.levels.push_back({.down = {.name = names.down,
                                       .outputs = inside,
                                       .kernel = 4,
                                       .bias = bias,
                                       .norm = bare ? FollowingNorm::kNone : sizes.norm,
                                       .norm_name = names.down_norm},
                              .up = {.name = names.up,
                                     .outputs = outside,
                                     .kernel = 4,
                                     .bias = bias || i == 0,
                                     .norm = i == 0 ? FollowingNorm::kNone : sizes.norm,
                                     .norm_name = names.up_norm},
                              .dropout = HasUnetDropout(i, sizes.levels)});
  }
  return network;
}

}  // namespace gan::core
