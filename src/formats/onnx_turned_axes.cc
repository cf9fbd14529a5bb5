// Nodes that work along some axes of turned values: told which axes those are before the turn.
#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>
#include <span>
#include <string_view>
#include <utility>

#include "formats/onnx_turned.h"

namespace gan::core {
namespace {

using Turn = std::vector<int64_t>;

// Where a node names its axes: an attribute, and an input that may stand for it.
struct AlongAxes {
  std::string_view op, attribute;
  size_t input = 0;  // 0: none
};

constexpr std::array kAlongAxes = {
    AlongAxes{"Concat", "axis"},        AlongAxes{"Gather", "axis"},
    AlongAxes{"Softmax", "axis"},       AlongAxes{"Split", "axis"},
    AlongAxes{"Pad", "axes", 3},        AlongAxes{"ReduceMax", "axes", 1},
    AlongAxes{"ReduceMean", "axes", 1}, AlongAxes{"ReduceSum", "axes", 1},
    AlongAxes{"Slice", "axes", 3},      AlongAxes{"Squeeze", "axes", 1},
};

const AlongAxes* Find(std::string_view op) {
  const auto* found = std::ranges::find(kAlongAxes, op, &AlongAxes::op);
  return found == kAlongAxes.end() ? nullptr : found;
}

Tensor Integers(const std::vector<int64_t>& numbers) {
  Tensor out(DType::kI64, {static_cast<int64_t>(numbers.size())});
  if (!numbers.empty()) std::memcpy(out.raw().data(), numbers.data(), out.bytes());
  return out;
}

// The axes that the node names; nothing where it leaves them to its operator.
std::optional<Turn> AxesOf(const OnnxCall& call, const AlongAxes& along) {
  const OnnxNode& node = call.node;
  if (along.input != 0 && call.Has(along.input)) return call.KnownInts(along.input);
  if (along.attribute == "axis") {
    const bool from_end = node.op == "Softmax";
    // Up to opset 12 it is along all axes from that one on.
    if (from_end && call.opset < 13) return std::nullopt;
    return Turn{node.Int("axis", from_end ? -1 : node.op == "Concat" ? 1 : 0)};
  }
  if (node.attributes.contains(along.attribute)) return node.Ints(along.attribute);
  if (node.op != "Slice" || !call.Has(1)) return std::nullopt;
  Turn every(call.KnownInts(1).size());
  std::iota(every.begin(), every.end(), 0);
  return every;
}

// Borders of all axes, in the order before the turn.
std::optional<Turn> PadsBefore(const OnnxCall& call, const Turn& turn) {
  const Turn pads = call.Has(1) ? call.KnownInts(1) : call.node.Ints("pads");
  if (pads.size() != 2 * turn.size()) return std::nullopt;
  Turn out(pads.size());
  for (size_t axis = 0; axis < turn.size(); ++axis) {
    const auto to = static_cast<size_t>(turn[axis]);
    out[to] = pads[axis], out[to + turn.size()] = pads[axis + turn.size()];
  }
  return out;
}

bool DropsAxes(const OnnxCall& call) {
  if (call.node.op == "Squeeze") return true;
  if (call.node.op == "Gather") return call.IsKnown(1) && call.Known(1).shape().rank() == 0;
  return call.node.op.starts_with("Reduce") && call.node.Int("keepdims", 1) == 0;
}

// What is left of a turn without some axes of the value.
Turn Without(const Turn& turn, const Turn& dropped) {
  Turn out;
  for (const int64_t axis : turn) {
    if (std::ranges::count(dropped, axis) != 0) continue;
    out.push_back(axis - std::ranges::count_if(dropped, [&](int64_t d) { return d < axis; }));
  }
  return out;
}

OnnxValue TurnedLike(const OnnxValue& made, const Turn& turn) {
  if (std::ranges::is_sorted(turn)) return made;
  return OnnxTurned{std::get<ValueId>(made), turn};
}

// Sets what the node says of its axes to `axes`.
void Tell(OnnxNode& node, OnnxCall& call, const AlongAxes& along, const Turn& axes) {
  if (along.input != 0 && call.Has(along.input)) return call.Replace(along.input, Integers(axes));
  OnnxAttribute& attribute = node.attributes[std::string(along.attribute)];
  attribute = {};
  along.attribute == "axis" ? void(attribute.integer = axes[0]) : void(attribute.integers = axes);
}

}  // namespace

bool OnnxIsAlongAxes(std::string_view op) { return Find(op) != nullptr; }

OnnxValue OnnxHandledAlongAxes(OnnxHandler handler, OnnxCall& call) {
  const AlongAxes& along = *Find(call.node.op);
  const OnnxTurned* first = call.Turned(0);
  const size_t values = call.node.op == "Concat" ? call.size() : 1;
  for (size_t i = 0; i < values; ++i) {
    const OnnxTurned* turned = call.Turned(i);
    // The handler moves the numbers, or says that it cannot.
    if (first == nullptr || turned == nullptr || turned->turn != first->turn) return handler(call);
  }
  const Turn turn = first->turn;
  const bool pads = call.node.op == "Pad" && !call.Has(3);
  std::optional<Turn> axes = pads ? PadsBefore(call, turn) : AxesOf(call, along);
  if (!axes || axes->empty()) return handler(call);
  OnnxNode node = call.node;
  OnnxCall told = call.Of(node);
  if (pads) {
    Tell(node, told, {"Pad", "pads", 1}, *axes);
  } else {
    for (int64_t& axis : *axes) axis = turn[OnnxAxis(call, axis, turn.size())];
    Tell(node, told, along, *axes);
  }
  for (size_t i = 0; i < values; ++i) told.Replace(i, told.Turned(i)->value);
  const OnnxValue made = handler(told);
  const Turn left = DropsAxes(call) ? Without(turn, *axes) : turn;
  for (const OnnxValue& more : told.more_outputs) {
    call.more_outputs.push_back(TurnedLike(more, left));
  }
  return TurnedLike(made, left);
}

}  // namespace gan::core
