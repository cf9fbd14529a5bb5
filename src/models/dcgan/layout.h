// Reads the layers of a DCGAN generator off the tensors of an nn.Sequential.
#ifndef GAN_MODELS_DCGAN_LAYOUT_H_
#define GAN_MODELS_DCGAN_LAYOUT_H_

#include <string>
#include <vector>

#include "models/dcgan/network.h"
#include "models/state_dict.h"

namespace gan::core {

// What a checkpoint of numbered modules is, by how the channels of its convolutions follow each
// other: transposed ones have inputs first.
enum class SequenceKind { kGenerator, kDiscriminator, kNeither };

struct Sequence {
  SequenceKind kind = SequenceKind::kNeither;
  std::string against;  // for kNeither: "has no ..."
};

// Whatever heads and wraps the numbers: "main.0.weight", "0.weight", "net.0.block.1.weight".
Sequence SequenceOf(const StateDict& dict);

// Strides are not in the file: kernels of even size double, with the padding that does so exactly,
// and the first makes its own size of one pixel. Requires kGenerator.
// Error kBadData where kernels do not say how they step.
DcganGenerator ReadDcganGenerator(const StateDict& dict);

}  // namespace gan::core

#endif  // GAN_MODELS_DCGAN_LAYOUT_H_
