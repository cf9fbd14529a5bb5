// Real-ESRGAN's compact generator, SRVGGNetCompact (Wang et al. 2021): plain convolutions at the
// small size, one pixel shuffle, and the enlarged input added.
#ifndef GAN_MODELS_COMPACT_COMPACT_H_
#define GAN_MODELS_COMPACT_COMPACT_H_

#include "models/family.h"

namespace gan::core {

extern const Family kCompact;

}  // namespace gan::core

#endif  // GAN_MODELS_COMPACT_COMPACT_H_
