// From the arrays that a caller gives to the inputs that a network takes.
#ifndef GAN_API_NETWORK_INPUTS_H_
#define GAN_API_NETWORK_INPUTS_H_

#include <vector>

#include "gan/array.h"
#include "models/model.h"
#include "tensor/tensor.h"

namespace gan::core {

// As of gan::Model::Run: pictures, or random numbers and, for a model with classes, labels.
// Error kBadData: sizes or classes that do not fit; kUsage: labels missing, or for a model that has
// no classes.
std::vector<Tensor> InputsFrom(const Model& model, const Array& input, const Array& labels);

}  // namespace gan::core

#endif  // GAN_API_NETWORK_INPUTS_H_
