// Swift-SRGAN (Krishnan & Krishnan 2021, "SwiftSRGAN: rethinking super-resolution for efficient and
// real-time inference"): SRGAN's generator with depthwise separable convolutions.
#ifndef GAN_MODELS_SWIFT_SRGAN_SWIFT_SRGAN_H_
#define GAN_MODELS_SWIFT_SRGAN_SWIFT_SRGAN_H_

#include "models/family.h"

namespace gan::core {

extern const Family kSwiftSrgan;

}  // namespace gan::core

#endif  // GAN_MODELS_SWIFT_SRGAN_SWIFT_SRGAN_H_
