// ESRGAN's generator: residual-in-residual dense blocks (Wang et al. 2018; Real-ESRGAN, Wang et al.
// 2021, gives it pixel-unshuffled inputs). Reads the tensor names of all three official
// implementations: ESRGAN's first release, its second, and BasicSR.
#ifndef GAN_MODELS_ESRGAN_ESRGAN_H_
#define GAN_MODELS_ESRGAN_ESRGAN_H_

#include "models/family.h"

namespace gan::core {

extern const Family kEsrgan;

}  // namespace gan::core

#endif  // GAN_MODELS_ESRGAN_ESRGAN_H_
