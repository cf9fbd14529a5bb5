// Each ncnn layer type as nodes of a graph: one function a type, in a table.
#ifndef GAN_FORMATS_NCNN_LAYERS_H_
#define GAN_FORMATS_NCNN_LAYERS_H_

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "formats/ncnn_param.h"
#include "formats/ncnn_weights.h"
#include "graph/graph.h"
#include "tensor/named_tensors.h"

namespace gan::core {

// ncnn knows no batch: its vectors [C] are [N, C, 1, 1] here, its pictures [C, H, W] are
// [N, C, H, W]. Which of the two a blob is decides what its axes mean.
struct NcnnBlob {
  ValueId value;
  bool vector = false;
};

// One layer while it becomes nodes.
class NcnnCall {
 public:
  NcnnCall(const NcnnLayer& l, std::vector<NcnnBlob> in, GraphBuilder& graph,
           NamedTensors& parameters, NcnnWeights& weights)
      : layer(l),
        inputs(std::move(in)),
        graph_(graph),
        parameters_(parameters),
        weights_(weights) {}

  const NcnnLayer& layer;
  const std::vector<NcnnBlob> inputs;

  void RequireInputs(size_t low, size_t high) const;
  const SymbolicShape& ShapeOf(ValueId value) const { return graph_.ShapeOf(value); }
  int64_t Channels(size_t input) const { return ShapeOf(inputs[input].value)[1].constant(); }

  // The next array of the .bin file, or one worked out here, as a parameter "<layer>.<name>".
  Tensor Weights(int64_t elements, bool flagged) { return weights_.Next(layer, elements, flagged); }
  ValueId Parameter(std::string_view name, const Tensor& tensor);

  ValueId Add(Op op, std::vector<ValueId> operands);
  // The activation that convolutions fuse: kind under option 9, numbers under option 10.
  ValueId Fused(ValueId value);

  // An axis as ncnn counts it, from the outermost, negative from the end, as an axis of ours.
  size_t Axis(const NcnnBlob& blob, int64_t axis) const;
  // Leaves elements [begin, size - end_margin) of an axis of ours.
  ValueId Cut(ValueId value, size_t axis, int64_t begin, int64_t end_margin);
  ValueId Activate(ValueId value, ActivationKind kind, float alpha = 0, float beta = 0) {
    return Add(Activation{kind, alpha, beta}, {value});
  }

 private:
  GraphBuilder& graph_;
  NamedTensors& parameters_;
  NcnnWeights& weights_;
  size_t nodes_ = 0;
};

// Makes the layer's one output. Error kBadData naming file, line and layer.
using NcnnHandler = NcnnBlob (*)(NcnnCall& call);

struct NcnnLayerType {
  std::string_view type;
  NcnnHandler handler;
};

// nullptr for types that gan cannot run.
NcnnHandler FindNcnnHandler(std::string_view type);

// The handlers, by file.
std::span<const NcnnLayerType> NcnnWeightLayers();      // ncnn_weight_layers.cc
std::span<const NcnnLayerType> NcnnShapeLayers();       // ncnn_shape_layers.cc
std::span<const NcnnLayerType> NcnnArithmeticLayers();  // ncnn_arithmetic_layers.cc

}  // namespace gan::core

#endif  // GAN_FORMATS_NCNN_LAYERS_H_
