// The weights that training starts from.
#ifndef GAN_MODELS_INITIALISE_H_
#define GAN_MODELS_INITIALISE_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "graph/graph.h"
#include "tensor/named_tensors.h"

namespace gan::core {

// How the weights of convolutions and linear layers are drawn.
enum class InitStyle {
  kFamily,      // as the family's paper has it
  kNormal002,   // N(0, 0.02), weights of batch norms N(1, 0.02) (Radford et al. 2015)
  kXavier,      // uniform, variance 2 / (fan in + fan out) (Glorot & Bengio 2010)
  kHe,          // normal, variance 2 / fan in (He et al. 2015)
  kOrthogonal,  // rows or columns orthonormal (Saxe et al. 2014)
  kFixup,       // kHe; residual branches end in zeros and start smaller (Zhang et al. 2019)
};

// Every parameter of a network of BuildPair, f32, the same for the same seed. Biases start at 0,
// the statistics of batch norms at mean 0 and variance 1, and what has a meaning of its own (class
// embeddings, gates of attention) as its family says.
// Error kConfiguration: no such family, or kFixup for one without residual blocks.
NamedTensors InitialParameters(const Graph& graph, std::string_view family, InitStyle style,
                               uint64_t seed);

// What a parameter is to the network.
enum class ParameterRole {
  kOther,
  kConvolution,  // [O, I / groups, h, w]
  kTransposed,   // [I, O / groups, h, w]
  kLinear,       // [O, I]
  kBias,         // of the three above
  kNormWeight,
  kNormBias,
  kMean,      // a statistic, not trained
  kVariance,  // likewise, above 0
};

struct ParameterUse {
  ParameterRole role = ParameterRole::kOther;
  double fan_in = 1;   // inputs that reach one output
  double fan_out = 1;  // outputs that one input reaches
};

// By Index(id) of the graph's values; what is no parameter has kOther.
std::vector<ParameterUse> UsesOfParameters(const Graph& graph);

// Fills `out` [rows, columns] with orthonormal rows, or columns where there are more rows.
// Requires rows * columns == out.size().
void FillOrthogonal(std::span<float> out, int64_t rows, int64_t columns, Random& random);

}  // namespace gan::core

#endif  // GAN_MODELS_INITIALISE_H_
