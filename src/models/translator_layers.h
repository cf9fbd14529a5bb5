// The layers of networks that make pictures of pictures of the same size, and how they stand in
// checkpoints.
#ifndef GAN_MODELS_TRANSLATOR_LAYERS_H_
#define GAN_MODELS_TRANSLATOR_LAYERS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "graph/graph.h"
#include "models/state_dict.h"

namespace gan::core {

// What stands behind a convolution.
enum class FollowingNorm {
  kNone,
  kInstance,        // without parameters
  kAffineInstance,  // with weight and bias
  kBatch,
};

struct TranslatorLayer {
  std::string name;  // "model.4": the parameters are "model.4.weight", "model.4.bias"
  int64_t outputs = 0;
  int64_t kernel = 3;
  bool bias = true;
  FollowingNorm norm = FollowingNorm::kInstance;
  std::string norm_name;  // "model.5"
};

// The layer of convolution `name`, whose norm is called `norm_name`: instance normalisation, which
// leaves nothing in the file, unless there is another there. Error kBadData naming `family`.
TranslatorLayer ReadTranslatorLayer(std::string_view family, const StateDict& dict,
                                    const std::string& name, const std::string& norm_name,
                                    bool transposed);

// Old releases of PyTorch saved statistics with instance norms, which nothing reads: the dict
// without them.
StateDict WithoutUnusedStatistics(const StateDict& dict);

// Adds layers to a graph.
class TranslatorBuilder {
 public:
  // "image" [N, channels, H, W], H and W multiples of `multiple`.
  TranslatorBuilder(std::string name, int64_t channels, int64_t multiple);

  ValueId image() const { return image_; }
  GraphBuilder& graph() { return graph_; }
  int64_t ChannelsOf(ValueId x) const { return graph_.ShapeOf(x)[1].constant(); }

  ValueId Convolution(const TranslatorLayer& layer, ValueId x, int64_t stride, int64_t padding);
  // As above, the border made by reflection.
  ValueId Reflected(const TranslatorLayer& layer, ValueId x, int64_t stride, int64_t padding);
  ValueId Transposed(const TranslatorLayer& layer, ValueId x, int64_t padding,
                     int64_t output_padding);
  ValueId Norm(const TranslatorLayer& layer, ValueId x);
  ValueId Pad(ValueId x, PadMode mode, const Padding2d& padding);
  ValueId Relu(ValueId x);
  ValueId LeakyRelu(ValueId x, float slope);
  ValueId Sum(ValueId a, ValueId b);
  ValueId Tanh(ValueId x);

  Graph Finish(ValueId output) { return graph_.Finish({output}); }

 private:
  GraphBuilder graph_;
  ValueId image_;
};

}  // namespace gan::core

#endif  // GAN_MODELS_TRANSLATOR_LAYERS_H_
