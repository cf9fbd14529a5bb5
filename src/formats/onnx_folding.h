// Numbers that are known before a network runs: weights that exporters leave to be turned or
// scaled, and the arithmetic by which they compute sizes from sizes.
#ifndef GAN_FORMATS_ONNX_FOLDING_H_
#define GAN_FORMATS_ONNX_FOLDING_H_

#include <cstdint>
#include <optional>

#include "formats/onnx_ops.h"

namespace gan::core {

// What a node makes of known numbers and sizes; nothing where an input is computed by the network
// (but for Shape) or the operator is none of those that exporters compute sizes and weights with.
// `room` is how many numbers may still be made, and is counted down: a small file must not ask for
// much memory. Error kBadData naming the node for what is wrong with it.
std::optional<OnnxValue> FoldOnnx(OnnxCall& call, uint64_t& room);

}  // namespace gan::core

#endif  // GAN_FORMATS_ONNX_FOLDING_H_
