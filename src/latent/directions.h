// Directions in which a generator's latents are worth moving.
#ifndef GAN_LATENT_DIRECTIONS_H_
#define GAN_LATENT_DIRECTIONS_H_

#include <cstdint>

#include "latent/principal_axes.h"
#include "tensor/tensor.h"

namespace gan::core {

// Takes the mean of all rows away from each. Requires rows [n, size], n at least 1.
void Centre(Tensor& rows);

// The directions in the latents that best predict where activations lie on these axes, each of
// length 1: K of size `latent`. (Härkönen et al. 2020, "GANSpace", section 2.2)
//
//   axes         K axes of the activations
//   activations  [n, size], centred
//   latents      [n, latent], that they were made of
Tensor Regressed(const PrincipalAxes& axes, const Tensor& activations, const Tensor& latents);

// Stretches each direction [K, size] to one standard deviation of `latents` [n, size] along it, so
// that a step of 1 is as far in each. Requires n of at least 2.
void ScaleToDeviation(Tensor& directions, const Tensor& latents);

}  // namespace gan::core

#endif  // GAN_LATENT_DIRECTIONS_H_
