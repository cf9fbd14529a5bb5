// Operators that move channels into space and back, and the steps that exporters make of them.
#include <fmt/format.h>

#include <array>

#include "formats/onnx_ops.h"

namespace gan::core {
namespace {

constexpr int64_t kMostOrdered = 1024;  // channels that a convolution puts in order

int64_t BlockOf(const OnnxCall& call) {
  const int64_t block = call.node.Int("blocksize", 0);
  if (block < 1 || block > 1024) call.node.FailHere("wants a blocksize from 1 to 1024");
  return block;
}

// Channels that lie as [blocks, each] as [each, blocks], by a convolution.
ValueId Ordered(OnnxCall& call, ValueId x, int64_t blocks) {
  const int64_t channels = call.Channels(x), each = channels / blocks;
  if (each == 1 || blocks == 1) return x;
  if (channels % blocks != 0 || channels > kMostOrdered) {
    call.node.FailHere("wants up to {} channels, in whole blocks, got {}", kMostOrdered, channels);
  }
  Tensor order = Tensor::Zeros(DType::kF32, {channels, channels, 1, 1});
  for (int64_t to = 0; to < channels; ++to) {
    const int64_t from = to % blocks * each + to / blocks;
    order.floats()[static_cast<size_t>(to * channels + from)] = 1;
  }
  return call.Add(Conv2d{},
                  {x, call.SharedConstant(fmt::format("order/{}/{}", channels, blocks), order)});
}

// CRD is PyTorch's order; in DCR the blocks come first.
OnnxValue DepthToSpace(OnnxCall& call) {
  const int64_t block = BlockOf(call);
  ValueId x = call.Value(0);
  const std::string mode = call.node.Text("mode", "DCR");
  if (mode != "CRD" && mode != "DCR") call.node.FailHere("has the mode \"{}\"", Printable(mode));
  if (mode == "DCR") x = Ordered(call, x, block * block);
  return call.Add(PixelShuffle{block}, {x});
}

// Its blocks come first, where those of PixelUnshuffle come last.
ValueId BlocksFirst(OnnxCall& call, ValueId x, int64_t block) {
  const int64_t channels = call.Channels(x), blocks = block * block;
  if (channels == 1 || block == 1) return call.Add(PixelUnshuffle{block}, {x});
  if (channels > kMostOrdered / blocks) {
    call.node.FailHere("wants to make up to {} channels", kMostOrdered);
  }
  Tensor places = Tensor::Zeros(DType::kF32, {channels * blocks, channels, block, block});
  for (int64_t to = 0; to < channels * blocks; ++to) {
    const int64_t place = to / channels, from = to % channels;
    places.floats()[static_cast<size_t>((to * channels + from) * blocks + place)] = 1;
  }
  return call.Add(Conv2d{.kernel = {block, block}, .stride = {block, block}},
                  {x, call.SharedConstant(fmt::format("places/{}/{}", channels, block), places)});
}

OnnxValue SpaceToDepth(OnnxCall& call) {
  const int64_t block = BlockOf(call);
  return BlocksFirst(call, call.Value(0), block);
}

using Turn = std::vector<int64_t>;

// A block's size, from 2: sizes[a] and sizes[b] where both are the same known number; 0 otherwise.
int64_t BlockAt(const std::vector<Dim>& sizes, size_t a, size_t b) {
  const bool same = sizes[a].IsConstant() && sizes[a] == sizes[b];
  return same && sizes[a].constant() >= 2 && sizes[a].constant() <= 1024 ? sizes[a].constant() : 0;
}

constexpr std::array kOperators = {
    OnnxOperator{"DepthToSpace", DepthToSpace},
    OnnxOperator{"SpaceToDepth", SpaceToDepth},
};

}  // namespace

std::optional<OnnxValue> OnnxSeenAsBlocks(OnnxCall& call, const std::vector<Dim>& sizes) {
  if (sizes.size() != 6 || !call.IsValue(0)) return std::nullopt;
  const ValueId x = call.Value(0);
  if (call.ShapeOf(x).size() != 4) return std::nullopt;
  return OnnxBlocks{x, sizes, {}};
}

OnnxValue OnnxTurnedBlocks(OnnxCall& call, const OnnxBlocks& blocks) {
  if (!blocks.turn.empty()) call.node.FailHere("turns blocks of pixels a second time");
  return OnnxBlocks{blocks.picture, blocks.sizes, call.node.Ints("perm")};
}

OnnxValue OnnxJoinedBlocks(OnnxCall& call, const OnnxBlocks& blocks,
                           const std::vector<Dim>& sizes) {
  const ValueId x = blocks.picture;
  const SymbolicShape shape = call.ShapeOf(x);
  const std::vector<Dim>& six = blocks.sizes;
  const Turn& turn = blocks.turn;
  const bool crd = turn == Turn{0, 1, 4, 2, 5, 3}, dcr = turn == Turn{0, 3, 4, 1, 5, 2};
  const bool last = turn == Turn{0, 1, 3, 5, 2, 4}, first = turn == Turn{0, 3, 5, 1, 2, 4};
  const int64_t into = crd ? BlockAt(six, 2, 3) : dcr ? BlockAt(six, 1, 2) : 0;
  const int64_t from = last || first ? BlockAt(six, 3, 5) : 0;
  ValueId out = x;
  if (into != 0 && six[4] == shape[2] && six[5] == shape[3] &&
      six[crd ? 1 : 3] * (into * into) == shape[1]) {
    out = call.Add(PixelShuffle{into}, {dcr ? Ordered(call, x, into * into) : x});
  } else if (from != 0 && six[1] == shape[1] && six[2] * from == shape[2] &&
             six[4] * from == shape[3]) {
    out = last ? call.Add(PixelUnshuffle{from}, {x}) : BlocksFirst(call, x, from);
  } else {
    call.node.FailHere("puts blocks of pixels {} of {} together in a way that gan does not know",
                       ToString(six), ToString(shape));
  }
  const SymbolicShape& made = call.ShapeOf(out);
  bool fits = sizes.size() == made.size();
  for (size_t axis = 1; fits && axis < made.size(); ++axis) {
    fits = sizes[axis] == made[axis] || sizes[axis] == Dim(-1);
  }
  if (!fits) call.node.FailHere("wants {}, got {}", ToString(sizes), ToString(made));
  return out;
}

std::span<const OnnxOperator> OnnxBlockOperators() { return kOperators; }

}  // namespace gan::core
