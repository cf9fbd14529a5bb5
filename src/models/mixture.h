// Two or more generators of one shape as one: their weights averaged.
#ifndef GAN_MODELS_MIXTURE_H_
#define GAN_MODELS_MIXTURE_H_

#include <string>
#include <vector>

#include "models/model.h"

namespace gan::core {

struct MixturePart {
  std::string name;  // for messages
  Model model;
  double weight = 1;
};

// The network whose every parameter is the sum of the parts' parameters, each times its weight; a
// part of weight 0 leaves no trace. Requires two parts or more, one of them with another weight.
// Error kUsage: weights that are not finite; kBadData: parts of different networks.
Model Mix(std::vector<MixturePart> parts);

}  // namespace gan::core

#endif  // GAN_MODELS_MIXTURE_H_
