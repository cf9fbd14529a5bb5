// Reads the layers of a DCGAN generator off the tensors of its modules.
#ifndef GAN_MODELS_DCGAN_LAYOUT_H_
#define GAN_MODELS_DCGAN_LAYOUT_H_

#include <string>
#include <vector>

#include "models/dcgan/network.h"
#include "models/model.h"
#include "models/state_dict.h"

namespace gan::core {

// What a checkpoint of numbered modules is, by how the channels of its convolutions follow each
// other: transposed ones have inputs first. A generator may begin with a linear layer; then its
// convolutions may also be plain ones between enlargements.
enum class SequenceKind { kGenerator, kDiscriminator, kNeither };

struct Sequence {
  SequenceKind kind = SequenceKind::kNeither;
  std::string against;  // for kNeither: "has no ..."
};

// Whatever heads and wraps the numbers: "main.0.weight", "0.weight", "net.0.block.1.weight",
// "deconv1.weight" with "deconv1_bn.weight", "l1.0.weight" with "conv_blocks.2.weight".
Sequence SequenceOf(const StateDict& dict);

struct DcganLayout {
  DcganGenerator generator;
  // The module whose weight holds the vectors of the classes; "" without. With `rows` a class is a
  // row, as PyTorch's Embedding has it, and not a column, as a linear layer has it.
  std::string embedding;
  bool rows = false;
  std::vector<Fact> assumptions;  // what the file does not say: "strides", "activations"
};

// Strides are inferred as steps.h says. Requires kGenerator.
// Error kBadData where kernels do not say how they step, or sizes do not fit each other.
DcganLayout ReadDcganGenerator(const StateDict& dict);

}  // namespace gan::core

#endif  // GAN_MODELS_DCGAN_LAYOUT_H_
