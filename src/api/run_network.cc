#include "api/run_network.h"

#include "base/error.h"
#include "kernels/finite.h"

namespace gan::core {

Tensor RunNetwork(gan::Model::State& state, Executable& network,
                  const std::vector<Tensor>& inputs) {
  std::vector<Shape> shapes;
  for (const Tensor& tensor : inputs) shapes.push_back(tensor.shape());
  const Bindings bindings = BindInputs(network.graph(), shapes);
  const uint64_t need = network.Memory(bindings).total();
  const uint64_t budget = MemoryBudget(state.options);
  if (need > budget) {
    Fail(ErrorCode::kConfiguration, "run",
         "a run on {} takes {} MB and {} MB are allowed: give a smaller input or a larger "
         "--max-memory",
         shapes[0].ToString(), (need >> 20) + 1, budget >> 20);
  }
  const std::vector<Tensor> outputs = RunOnce(network, inputs);
  if (!kernels::AllFinite(outputs[0].view(), state.engine.pool)) {
    Fail(ErrorCode::kInternal, "run",
         "the result holds NaN or infinity: the weights are broken, or the input is far outside "
         "the usual range");
  }
  return outputs[0];
}

void RequireStyles(const gan::Model::State& state) {
  if (state.model.style) return;
  Fail(ErrorCode::kUsage, "latent", "{} has no styles: w and w+ are StyleGAN's",
       state.model.description);
}

}  // namespace gan::core
