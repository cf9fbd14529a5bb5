// The U-Net generator of pix2pix (Isola et al. 2017, "Image-to-image translation with conditional
// adversarial networks").
#ifndef GAN_MODELS_PIX2PIX_PIX2PIX_H_
#define GAN_MODELS_PIX2PIX_PIX2PIX_H_

#include "models/family.h"

namespace gan::core {

extern const Family kPix2Pix;

}  // namespace gan::core

#endif  // GAN_MODELS_PIX2PIX_PIX2PIX_H_
