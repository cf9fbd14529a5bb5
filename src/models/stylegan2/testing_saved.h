// Random StyleGANs as files, for tests of other layers.
#ifndef GAN_MODELS_STYLEGAN2_TESTING_SAVED_H_
#define GAN_MODELS_STYLEGAN2_TESTING_SAVED_H_

#include "tensor/named_tensors.h"

namespace gan::core::testing {

// The parameters of a graph with the sizes that they have in NVIDIA's files.
inline NamedTensors SavedStyleGan(const NamedTensors& parameters) {
  NamedTensors out;
  for (const auto& [name, tensor] : parameters) {
    const Shape& s = tensor.shape();
    Shape saved = s;
    if (name.starts_with("truncation.")) continue;
    if (name.ends_with("noise_strength")) saved = {};
    if (name.ends_with("conv0.weight")) saved = {s[1], s[0], s[2], s[3]};
    if (name.ends_with(".const")) saved = {s[1], s[2], s[3]};
    if (name.ends_with("noise_const")) saved = {s[2], s[3]};
    const bool bias = name.ends_with(".bias") && s.rank() == 4;
    if (bias || name.ends_with("w_avg")) saved = {s.elements()};
    out.Add(name, tensor.Reshaped(saved));
  }
  return out;
}

}  // namespace gan::core::testing

#endif  // GAN_MODELS_STYLEGAN2_TESTING_SAVED_H_
