// Residual networks for GANs: the blocks of WGAN-GP (Gulrajani et al. 2017) as SNGAN has them
// (Miyato et al. 2018), with class-conditional batch norm and projection (Miyato & Koyama 2018) and
// self-attention (Zhang et al. 2019) on request.
#ifndef GAN_MODELS_RESNET_GAN_RESNET_GAN_H_
#define GAN_MODELS_RESNET_GAN_RESNET_GAN_H_

#include "models/family.h"

namespace gan::core {

extern const Family kResnetGan;

}  // namespace gan::core

#endif  // GAN_MODELS_RESNET_GAN_RESNET_GAN_H_
