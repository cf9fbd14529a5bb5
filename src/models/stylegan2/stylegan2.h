// StyleGAN2 and StyleGAN2-ADA (Karras et al. 2020, "Analyzing and improving the image quality of
// StyleGAN"; "Training generative adversarial networks with limited data").
#ifndef GAN_MODELS_STYLEGAN2_STYLEGAN2_H_
#define GAN_MODELS_STYLEGAN2_STYLEGAN2_H_

#include "models/family.h"

namespace gan::core {

extern const Family kStyleGan2;

}  // namespace gan::core

#endif  // GAN_MODELS_STYLEGAN2_STYLEGAN2_H_
