// From the arrays that a caller gives to the inputs that a network takes.
#ifndef GAN_API_NETWORK_INPUTS_H_
#define GAN_API_NETWORK_INPUTS_H_

#include <string_view>
#include <vector>

#include "gan/model.h"
#include "models/model.h"
#include "tensor/tensor.h"

namespace gan::core {

// As of gan::Model::Run: pictures, or random numbers and, for a model with classes, labels.
// Error kBadData: sizes or classes that do not fit; kUsage: labels missing, or for a model that has
// no classes.
std::vector<Tensor> InputsFrom(const Model& model, const Array& input, const Array& labels);

// Which kind `latents` are: `kind`, or what their shape fits. Error kBadData naming `where`:
// another shape than that kind's, or than any of the model's; kUsage: styles of a model that has
// none. Requires model.latent.
LatentKind KindOf(const Model& model, const Tensor& latents, LatentKind kind,
                  std::string_view where);

}  // namespace gan::core

#endif  // GAN_API_NETWORK_INPUTS_H_
