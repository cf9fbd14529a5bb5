// The layers that the trained networks are put together from, with their parameters' names.
#ifndef GAN_MODELS_NETWORK_BUILDER_H_
#define GAN_MODELS_NETWORK_BUILDER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "graph/graph.h"

namespace gan::core {

// Square windows, the same on both axes.
struct ConvolutionSizes {
  int64_t kernel = 3;
  int64_t stride = 1;
  int64_t padding = 0;
  bool bias = true;
  int64_t groups = 1;
  int64_t output_padding = 0;  // of transposed ones
};

// Adds layers to a graph; a layer `name` has the parameters "<name>.weight", "<name>.bias"...
class NetworkBuilder {
 public:
  explicit NetworkBuilder(std::string name) : graph_(std::move(name)) {}

  // Inputs, in the order in which they are called.
  ValueId Latent(int64_t size);         // "z" [N, size]
  ValueId SpatialLatent(int64_t size);  // "z" [N, size, 1, 1]
  ValueId Image(int64_t channels, int64_t size);
  ValueId Labels(int64_t classes);  // "labels" [N, classes]

  ValueId Convolution(const std::string& name, ValueId x, int64_t outputs,
                      const ConvolutionSizes& sizes);
  ValueId Transposed(const std::string& name, ValueId x, int64_t outputs,
                     const ConvolutionSizes& sizes);
  ValueId Linear(const std::string& name, ValueId x, int64_t outputs, bool bias = true);

  ValueId BatchNorm(const std::string& name, ValueId x, float epsilon = 1e-5f);
  // Gain and shift of each channel depend on the class (Dumoulin et al. 2017): "<name>.gain.weight"
  // and "<name>.shift.weight", [C, classes].
  ValueId ClassBatchNorm(const std::string& name, ValueId x, ValueId labels);

  ValueId Relu(ValueId x);
  // Slope 0.2, as every discriminator here has it.
  ValueId LeakyRelu(ValueId x, float slope = 0.2f);
  ValueId Tanh(ValueId x);
  ValueId Sum(ValueId a, ValueId b);
  ValueId Product(ValueId a, ValueId b);
  ValueId Join(const std::vector<ValueId>& parts);
  ValueId Reshaped(ValueId x, const std::vector<int64_t>& sizes);  // [N, sizes...]
  ValueId Dropped(ValueId x, double probability);                  // whole channels; x itself for 0
  ValueId MeanOfFour(ValueId x);                                   // half the height and width
  ValueId Doubled(ValueId x, bool smooth);  // nearest, or bilinear between pixel centres
  ValueId SumOverPixels(ValueId x);         // [N, C, H, W] -> [N, C]

  // Self-attention with a gate that starts closed (Zhang et al. 2019): "<name>.query", ".key",
  // ".value", ".output" without bias, and ".gate". Requires even sizes.
  ValueId SelfAttention(const std::string& name, ValueId x);

  // The logit of a discriminator from its features [N, C]: a linear layer "linear" and, for
  // classes, what speaks for the class (Miyato & Koyama 2018): "projection.weight" [classes, C].
  ValueId Judge(ValueId features, const ValueId* labels);
  ValueId ProjectionScore(ValueId features, ValueId labels);  // [N, 1]

  int64_t ChannelsOf(ValueId x) const { return graph_.ShapeOf(x)[1].constant(); }
  int64_t HeightOf(ValueId x) const { return graph_.ShapeOf(x)[2].constant(); }

  GraphBuilder& graph() { return graph_; }
  Graph Finish(ValueId output) { return graph_.Finish({output}); }

 private:
  GraphBuilder graph_;
};

}  // namespace gan::core

#endif  // GAN_MODELS_NETWORK_BUILDER_H_
