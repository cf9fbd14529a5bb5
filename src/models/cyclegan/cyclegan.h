// The ResNet generator of CycleGAN, pix2pix and CUT (Zhu et al. 2017, "Unpaired image-to-image
// translation using cycle-consistent adversarial networks"; Isola et al. 2017; Park et al. 2020,
// "Contrastive learning for unpaired image-to-image translation").
#ifndef GAN_MODELS_CYCLEGAN_CYCLEGAN_H_
#define GAN_MODELS_CYCLEGAN_CYCLEGAN_H_

#include "models/family.h"

namespace gan::core {

extern const Family kCycleGan;

}  // namespace gan::core

#endif  // GAN_MODELS_CYCLEGAN_CYCLEGAN_H_
