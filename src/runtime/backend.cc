#include "runtime/backend.h"

namespace gan::core {

std::vector<Tensor> RunOnce(Executable& executable, std::span<const Tensor> inputs) {
  std::vector<Shape> sizes;
  std::vector<ConstTensorView> in;
  for (const Tensor& input : inputs) {
    sizes.push_back(input.shape());
    in.push_back(input.view());
  }
  const Graph& graph = executable.graph();
  const std::vector<Shape> shapes = ConcreteShapes(graph, BindInputs(graph, sizes));
  std::vector<Tensor> outputs;
  std::vector<TensorView> out;
  for (const ValueId id : graph.outputs) outputs.emplace_back(DType::kF32, shapes[Index(id)]);
  for (Tensor& output : outputs) out.push_back(output.view());
  executable.Run(in, out);
  return outputs;
}

}  // namespace gan::core
