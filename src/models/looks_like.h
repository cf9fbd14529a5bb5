// Says in words what an unknown checkpoint seems to be.
#ifndef GAN_MODELS_LOOKS_LIKE_H_
#define GAN_MODELS_LOOKS_LIKE_H_

#include <string>

#include "models/state_dict.h"

namespace gan::core {

// A clause for an error message: "it looks like a StyleGAN network (\"synthesis.b4...\"), 120
// tensors". Requires at least one tensor. Text from the file is made printable.
std::string LooksLike(const StateDict& dict);

}  // namespace gan::core

#endif  // GAN_MODELS_LOOKS_LIKE_H_
