// Values whose axes a Transpose put in another order: the order is kept in mind until another
// Transpose puts the axes back, as where TensorFlow's exporters wrap a network whose pictures have
// their channels last, or until a node wants the numbers themselves.
#ifndef GAN_FORMATS_ONNX_TURNED_H_
#define GAN_FORMATS_ONNX_TURNED_H_

#include <cstdint>
#include <string_view>
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

// Whether the numbers of a value can be moved into that order: the first axis stays, and the sizes
// of the others are known.
bool OnnxCanMove(const SymbolicShape& shape, const std::vector<int64_t>& turn);

// Whether the input has its channels last: a Transpose that brings them forward reads it, at once
// or behind nodes that keep the turn.
bool HasChannelsLast(const OnnxFile& file, const OnnxInput& input);

// Whether a node of this operator works along some axes that it names: Concat, Pad, reductions...
bool OnnxIsAlongAxes(std::string_view op);

// What the handler makes of such a call: of values turned alike it is told which axes those are
// before the turn, and the result is turned alike. Numbers are moved where that does not do.
OnnxValue OnnxHandledAlongAxes(OnnxHandler handler, OnnxCall& call);

// What the handler makes of a call. Functions of single numbers are applied to what was turned, and
// their result is turned alike; beside it there may be values turned alike, and numbers.
OnnxValue OnnxHandled(OnnxHandler handler, OnnxCall& call);

}  // namespace gan::core

#endif  // GAN_FORMATS_ONNX_TURNED_H_
