// How far the convolutions of a generator step: no state dict says it.
#ifndef GAN_MODELS_DCGAN_STEPS_H_
#define GAN_MODELS_DCGAN_STEPS_H_

#include <string>

#include "models/dcgan/network.h"
#include "tensor/module_facts.h"

namespace gan::core {

// Sets stride, padding and output padding of every layer from its kernel, and returns in words how
// that was known. What a pickled module says of itself is taken; else
//
// - the first layer without a stem makes its own size of one pixel,
// - kernels of even size double,
// - kernels of odd size keep the size or double, whichever convention leads to pictures of a usual
//   side: 28 for one channel where that can be, a power of two from 16, three times one from 48.
//
// Error kBadData where no convention leads to such a side.
std::string InferSteps(const ModuleTree& modules, DcganGenerator& generator);

}  // namespace gan::core

#endif  // GAN_MODELS_DCGAN_STEPS_H_
