// The graph of StyleGAN2, from its layers.
#ifndef GAN_MODELS_STYLEGAN2_NETWORK_H_
#define GAN_MODELS_STYLEGAN2_NETWORK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "graph/graph.h"
#include "models/model.h"

namespace gan::core {

// How the picture comes out of the blocks. (Section 4.1 and figure 7)
enum class StyleArchitecture {
  kSkip,      // each block adds to the picture of the one before
  kResidual,  // blocks add to their enlarged inputs; the last gives the picture
  kOriginal,  // the last gives the picture
};

// A linear layer with equalised learning rate: x weight^T gain + bias bias_gain.
struct StyleLinear {
  std::string name;
  int64_t outputs = 0;
  float gain = 1;
  float bias_gain = 1;
};

// A convolution whose inputs are scaled by a style.
struct StyleConvolution {
  std::string weight;  // [O, I, k, k]; if `doubles` [I, O, k, k]
  std::string affine;  // the linear layer that makes the style
  std::string bias;    // [1, O, 1, 1]
  int64_t outputs = 0;
  int64_t kernel = 3;
  float scale = 1;  // of the weight: equalised learning rate
  bool doubles = false;
  std::string filter;    // with `doubles`: [f, f], applied with filter_gain
  std::string noise;     // [1, 1, size, size]; "" for none
  std::string strength;  // of the noise, [1, 1, 1, 1]
};

struct StyleBlock {
  int64_t size = 4;                          // of its result, pixels
  std::optional<StyleConvolution> doubling;  // not in the first
  StyleConvolution keeping;
  std::optional<StyleConvolution> to_picture;
  std::string picture_filter;  // what enlarges the picture of the block before; with kSkip
  std::string shortcut;        // weight [O, I, 1, 1]; with kResidual
  std::string shortcut_filter;
};

struct StyleGan2Network {
  StyleArchitecture architecture = StyleArchitecture::kSkip;
  int64_t latent = 512;
  int64_t classes = 0;
  int64_t style = 512;
  std::optional<StyleLinear> embedding;  // of the classes
  std::vector<StyleLinear> mapping;
  std::string average;   // [1, style]; "" when there is none
  std::string constant;  // [1, C, 4, 4]
  int64_t constant_channels = 0;
  std::vector<StyleBlock> blocks;
  int64_t filter_size = 4;
  float filter_gain = 4;       // 1 where the filters in the file have it already
  std::optional<float> clamp;  // of the results of convolutions, before their gain
};

struct StyleGan2Graph {
  Graph graph;
  StyleControls controls;
};

// As of Pair::generator; pictures a little beyond [-1, 1] are possible.
StyleGan2Graph BuildStyleGan2(const StyleGan2Network& network);

}  // namespace gan::core

#endif  // GAN_MODELS_STYLEGAN2_NETWORK_H_
