// Values whose axes a Transpose put in another order: the order is kept in mind until another
// Transpose puts the axes back, as where TensorFlow's exporters wrap a network whose pictures have
// their channels last, or until a node wants the numbers themselves.
#ifndef GAN_FORMATS_ONNX_TURNED_H_
#define GAN_FORMATS_ONNX_TURNED_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "formats/onnx_file.h"
#include "formats/onnx_ops.h"

namespace gan::core {

// The order of a picture's axes where its channels are last, seen from [N, C, H, W].
std::vector<int64_t> ChannelsLast();

// The axes in another order still: axis i of the result is axis turn[perm[i]] of what was turned
// first. Error kBadData naming the node, unless `perm` names each axis once.
std::vector<int64_t> OnnxTurnedAgain(const OnnxNode& node, const std::vector<int64_t>& turn,
                                     const std::vector<int64_t>& perm);

// The numbers themselves in that order, by a convolution that takes each to its place: of known
// sizes, and where the axes keep their order but for some in front that went behind the others (a
// matrix and its transpose). Nothing for others.
std::optional<ValueId> OnnxMoved(OnnxCall& call, const OnnxTurned& turned);

// Whether the input has its channels last: a Transpose that brings them forward reads it, at once
// or behind functions of single numbers.
bool HasChannelsLast(const OnnxFile& file, const OnnxInput& input);

// What the handler makes of a call. Functions of single numbers are applied to what was turned, and
// their result is turned alike; beside it there may be values turned alike, single numbers, and
// numbers along one axis.
OnnxValue OnnxHandled(OnnxHandler handler, OnnxCall& call);

}  // namespace gan::core

#endif  // GAN_FORMATS_ONNX_TURNED_H_
