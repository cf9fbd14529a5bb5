// Reads the layers of StyleGAN2 off its tensors, in NVIDIA's names and in those of the common
// PyTorch port.
#ifndef GAN_MODELS_STYLEGAN2_LAYOUT_H_
#define GAN_MODELS_STYLEGAN2_LAYOUT_H_

#include <string>

#include "models/state_dict.h"
#include "models/stylegan2/network.h"
#include "tensor/named_tensors.h"

namespace gan::core {

std::string AgainstStyleGan2(const StateDict& dict);

struct StyleGan2Layout {
  StyleGan2Network network;
  std::string spelling;  // for people
};

// Requires that nothing speaks against it. Error kBadData naming "stylegan2".
StyleGan2Layout ReadStyleGan2(const StateDict& dict);

// The parameters of the graph, brought from the file's orders of axes to the graph's. Error
// kBadData as of TakeParameters.
NamedTensors TakeStyleParameters(const StyleGan2Network& network, const Graph& graph,
                                 const StateDict& dict);

// In NVIDIA's names.
struct StyleGan2Sizes {
  int64_t latent = 512, classes = 0, style = 512, size = 256, channels = 3;
  int64_t mapping = 8;
  int64_t base = 32768;  // features times pixels a side, at most `widest` features
  int64_t widest = 512;
  StyleArchitecture architecture = StyleArchitecture::kSkip;
  std::optional<float> clamp;
};
StyleGan2Network StyleGan2Of(const StyleGan2Sizes& sizes);

}  // namespace gan::core

#endif  // GAN_MODELS_STYLEGAN2_LAYOUT_H_
