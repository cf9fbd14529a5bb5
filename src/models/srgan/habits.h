// What published implementations of SRGAN's generator do that leaves nothing in a checkpoint, by
// the names that they give their tensors.
#ifndef GAN_MODELS_SRGAN_HABITS_H_
#define GAN_MODELS_SRGAN_HABITS_H_

#include "models/srgan/network.h"
#include "models/state_dict.h"

namespace gan::core {

// For names of nobody known, `spelling` is "" and the rest is the paper's: pictures in [0, 1] in,
// in [-1, 1] out, ReLU where there is no PReLU.
SrganHabits SrganHabitsOf(const StateDict& dict);

}  // namespace gan::core

#endif  // GAN_MODELS_SRGAN_HABITS_H_
