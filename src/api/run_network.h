// One run of a network that a model holds, within its memory.
#ifndef GAN_API_RUN_NETWORK_H_
#define GAN_API_RUN_NETWORK_H_

#include <vector>

#include "api/model_state.h"
#include "tensor/tensor.h"

namespace gan::core {

// The first output. `network` is one of the state's. Error kBadData: sizes that do not fit;
// kConfiguration: more memory than allowed; kInternal: the result is not finite.
Tensor RunNetwork(gan::Model::State& state, Executable& network, const std::vector<Tensor>& inputs);

// Error kUsage: a model without styles.
void RequireStyles(const gan::Model::State& state);

}  // namespace gan::core

#endif  // GAN_API_RUN_NETWORK_H_
