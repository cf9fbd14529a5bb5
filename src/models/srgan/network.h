// The graph of SRGAN's generator, from its layers.
#ifndef GAN_MODELS_SRGAN_NETWORK_H_
#define GAN_MODELS_SRGAN_NETWORK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graph/graph.h"

namespace gan::core {

// A convolution with what stands behind it.
struct SrganConvolution {
  std::string name;  // "trunk.0.rcb.0": the parameters are "trunk.0.rcb.0.weight"...
  int64_t outputs = 0;
  int64_t kernel = 3;
  int64_t groups = 1;
  bool bias = true;
  std::string norm;    // of a batch norm: "trunk.0.rcb.1"; "" for none
  std::string slope;   // of a PReLU: "trunk.0.rcb.2"; "" for none
  int64_t slopes = 1;  // of that PReLU: one, or one a channel
};

// Makes the picture `scale` times as wide and high: a convolution to scale^2 times the channels,
// which become pixels; or nearest pixels, then the convolution.
struct SrganUp {
  SrganConvolution convolution;
  int64_t scale = 2;
  bool shuffle = true;
};

// What the numbers of a network's pictures mean.
enum class SrganValues {
  kUnit,      // [0, 1]
  kSigned,    // [-1, 1]
  kImageNet,  // less the mean of ImageNet's pictures, in units of their deviation
};

// What no tensor tells.
struct SrganHabits {
  std::string_view spelling;  // whose names these are, for people; "" for nobody's known
  SrganValues in = SrganValues::kUnit;
  SrganValues out = SrganValues::kSigned;
  bool tanh = true;
  // Of the leaky ReLU where there is no PReLU, within the blocks and outside; 0 is a ReLU.
  float block_slope = 0;
  float slope = 0;
  bool base = false;  // the result is added to the picture, enlarged bilinearly
};

struct SrganNetwork {
  int64_t inputs = 3;
  SrganConvolution first;
  std::vector<std::pair<SrganConvolution, SrganConvolution>> blocks;
  std::optional<SrganConvolution> middle;  // behind the blocks, before the sum with `first`
  std::vector<SrganUp> ups;
  std::optional<SrganConvolution> high;  // at the size of the result
  SrganConvolution last;
  SrganHabits habits;
};

int64_t ScaleOf(const SrganNetwork& network);

// "image" [N, inputs, H, W] in [0, 1] to a picture ScaleOf() times as wide and high, in [0, 1].
// Requires three channels where ImageNet's pictures are the measure, and as many in the result as
// in the picture where `base` is set.
Graph SrganGraph(const SrganNetwork& network);

// With the names of Lornatang/SRGAN-PyTorch or, `modified`, of BasicSR's MSRResNet.
struct SrganSizes {
  int64_t channels = 3, features = 64, blocks = 16, scale = 4, kernel = 9;
  bool norm = true;
  int64_t slopes = 1;  // of each PReLU; 0 for ReLU
  bool modified = false;
};
SrganNetwork SrganOf(const SrganSizes& sizes);

}  // namespace gan::core

#endif  // GAN_MODELS_SRGAN_NETWORK_H_
