// The generator of AnimeGANv2 (Chen et al. 2020, "AnimeGAN: a novel lightweight GAN for photo
// animation"; version 2 of its authors), as its PyTorch port names it.
#ifndef GAN_MODELS_ANIMEGAN2_ANIMEGAN2_H_
#define GAN_MODELS_ANIMEGAN2_ANIMEGAN2_H_

#include "models/family.h"

namespace gan::core {

extern const Family kAnimeGan2;

}  // namespace gan::core

#endif  // GAN_MODELS_ANIMEGAN2_ANIMEGAN2_H_
