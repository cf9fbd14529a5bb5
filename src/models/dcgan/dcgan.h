// DCGAN (Radford et al. 2015, "Unsupervised representation learning with deep convolutional
// generative adversarial networks"): plain stacks of strided convolutions with batch norms.
#ifndef GAN_MODELS_DCGAN_DCGAN_H_
#define GAN_MODELS_DCGAN_DCGAN_H_

#include "models/family.h"

namespace gan::core {

extern const Family kDcgan;

}  // namespace gan::core

#endif  // GAN_MODELS_DCGAN_DCGAN_H_
