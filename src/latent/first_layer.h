// What a generator does first with its random numbers, read off its graph.
#ifndef GAN_LATENT_FIRST_LAYER_H_
#define GAN_LATENT_FIRST_LAYER_H_

#include "models/model.h"
#include "models/styles.h"
#include "tensor/tensor.h"

namespace gan::core {

// What each output of the linear layers and transposed convolutions that read the random numbers
// takes of them: [outputs, latent size]. Error kBadData: a generator that begins otherwise.
// Requires model.latent.
Tensor FirstWeights(const Model& model);

// What each channel of these layers takes of its style: [channels, width]. Error kUsage: layers
// that the generator does not have. Requires model.style.
Tensor StyleWeights(const Model& model, const LayerRange& layers);

// The generator up to its first activation behind those layers: its output is [N, ...]. Inputs that
// it has no use for are left out. Error kBadData as of FirstWeights, or without an activation.
Graph UpToFirstActivation(const Graph& generator);

}  // namespace gan::core

#endif  // GAN_LATENT_FIRST_LAYER_H_
