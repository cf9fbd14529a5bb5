// Reads the layers of SRGAN's generator off its tensors, whatever they are called.
#ifndef GAN_MODELS_SRGAN_LAYOUT_H_
#define GAN_MODELS_SRGAN_LAYOUT_H_

#include <string>

#include "models/srgan/network.h"
#include "models/state_dict.h"

namespace gan::core {

// "" when the tensors are those of such a generator: residual blocks of two convolutions, and
// convolutions whose channels become pixels. Else a clause.
//
// Without batch norms and PReLUs other networks look the same (EDSR), so then the names must be
// those of somebody known.
std::string AgainstSrgan(const StateDict& dict);

// Parts are told by shapes, their order by the numbers in their names; what no tensor tells is what
// the authors of the names have (see SrganHabits), or else the paper.
//
// Requires that nothing speaks against it. Error kBadData naming "srgan".
SrganNetwork ReadSrgan(const StateDict& dict);

// Tensors that some release saves and never uses: the dict without them.
StateDict WithoutUnusedSlopes(const StateDict& dict);

}  // namespace gan::core

#endif  // GAN_MODELS_SRGAN_LAYOUT_H_
