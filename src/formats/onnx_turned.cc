#include "formats/onnx_turned.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <set>
#include <span>
#include <string_view>

namespace gan::core {
namespace {

using Turn = std::vector<int64_t>;

// Functions of the single numbers of input 0; what else they read are settings.
constexpr std::array<std::string_view, 20> kOfOne = {
    "Abs",         "Cast",      "Celu",    "Clip",     "Dropout", "Elu",        "Gelu",
    "HardSigmoid", "HardSwish", "Relu",    "Identity", "Mish",    "Neg",        "LeakyRelu",
    "Pow",         "Selu",      "Sigmoid", "Softplus", "Tanh",    "Reciprocal",
};
// Functions of the numbers in the same place of all inputs.
constexpr std::array<std::string_view, 8> kOfSeveral = {"Add", "Sub", "Mul", "Div",
                                                        "Max", "Min", "Sum", "Mean"};

bool IsOfOne(std::string_view op) { return std::ranges::count(kOfOne, op) != 0; }
bool IsOfSeveral(std::string_view op) { return std::ranges::count(kOfSeveral, op) != 0; }

// Numbers beside a turned value, with their axes where its own are.
Tensor TurnedBack(const OnnxCall& call, const Tensor& tensor, const Turn& turn) {
  const Shape& shape = tensor.shape();
  if (shape.elements() == 1) return tensor.Reshaped({});
  if (shape.rank() > turn.size() || !IsFloating(tensor.dtype())) {
    call.node.FailHere("wants numbers with fractions and at most {} axes, got {}", turn.size(),
                       shape.ToString());
  }
  const size_t gap = turn.size() - shape.rank();
  const Strides own = ContiguousStrides(shape);
  std::vector<int64_t> sizes(turn.size(), 1);
  Strides strides{};
  for (size_t axis = 0; axis < shape.rank(); ++axis) {
    const auto to = static_cast<size_t>(turn[gap + axis]);
    sizes[to] = shape[axis], strides[to] = own[axis];
  }
  const Shape turned{std::span<const int64_t>(sizes)};
  // Along one axis they keep their order.
  if (std::ranges::count(sizes, 1) + 1 >= std::ssize(sizes)) return tensor.Reshaped(turned);
  const Tensor floats = tensor.ToFloat();
  Tensor out(DType::kF32, turned);
  CopyElements(ConstTensorView(floats.floats().data(), DType::kF32, turned, strides), out.view());
  return out;
}

// The order of the first turned input; nullptr where none is.
const Turn* TurnOf(const OnnxCall& call) {
  for (size_t i = 0; i < call.size(); ++i) {
    if (const OnnxTurned* turned = call.Turned(i)) return &turned->turn;
  }
  return nullptr;
}

// The turn that puts the axes back.
Turn Inverse(const Turn& turn) {
  Turn out(turn.size());
  for (size_t axis = 0; axis < turn.size(); ++axis) {
    out[static_cast<size_t>(turn[axis])] = static_cast<int64_t>(axis);
  }
  return out;
}

// Whether input i can stand beside values that are turned so: is turned alike, numbers, or a value
// of known sizes, which can be moved to where their axes are.
bool CanBeTurnedAlike(OnnxCall& call, size_t i, const Turn& turn) {
  if (const OnnxTurned* turned = call.Turned(i)) return turned->turn == turn;
  if (!call.IsValue(i)) return call.IsKnown(i);
  const SymbolicShape& shape = call.ShapeOf(call.Value(i));
  return shape.size() == turn.size() && OnnxCanMove(shape, turn);
}

OnnxValue TurnedAlike(OnnxCall& call, size_t i, const Turn& turn) {
  if (const OnnxTurned* turned = call.Turned(i)) return turned->value;
  if (call.IsKnown(i)) return TurnedBack(call, call.Known(i), turn);
  return call.Add(Transpose{Inverse(turn)}, {call.Value(i)});
}

// Whether the numbers of all inputs can be moved.
bool CanMoveAll(const OnnxCall& call) {
  for (size_t i = 0; i < call.size(); ++i) {
    const OnnxTurned* turned = call.Turned(i);
    if (turned != nullptr && !OnnxCanMove(call.ShapeOf(turned->value), turned->turn)) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool OnnxCanMove(const SymbolicShape& shape, const Turn& turn) {
  return turn[0] == 0 && std::all_of(shape.begin() + 1, shape.end(),
                                     [](const Dim& size) { return size.IsConstant(); });
}

Turn ChannelsLast() { return {0, 2, 3, 1}; }

Turn OnnxTurnedAgain(const OnnxNode& node, const Turn& turn, const Turn& perm) {
  Turn sorted = perm, every(turn.size());
  std::ranges::sort(sorted);
  std::iota(every.begin(), every.end(), 0);
  if (sorted != every) node.FailHere("wants each of {} axes once", turn.size());
  Turn out;
  for (const int64_t axis : perm) out.push_back(turn[static_cast<size_t>(axis)]);
  return out;
}

bool HasChannelsLast(const OnnxFile& file, const OnnxInput& input) {
  if (input.sizes.size() != 4) return false;
  const Turn forward = {0, 3, 1, 2};
  std::set<std::string_view> reached = {input.name};
  for (const OnnxNode& node : file.nodes) {
    const bool reads = std::ranges::any_of(
        node.inputs, [&](const std::string& name) { return reached.contains(name); });
    if (!reads) continue;
    if (node.op == "Transpose" && node.Ints("perm") == forward) return true;
    const bool passes =
        IsOfOne(node.op) || IsOfSeveral(node.op) || OnnxIsAlongAxes(node.op) || node.op == "MatMul";
    if (passes && !node.outputs.empty()) reached.insert(node.outputs[0]);
  }
  return false;
}

OnnxValue OnnxHandled(OnnxHandler handler, OnnxCall& call) {
  const Turn* first = TurnOf(call);
  if (first == nullptr) return handler(call);
  if (OnnxIsAlongAxes(call.node.op)) return OnnxHandledAlongAxes(handler, call);
  const bool one = IsOfOne(call.node.op) && call.Turned(0) != nullptr;
  if (!one && !IsOfSeveral(call.node.op)) return handler(call);
  const Turn turn = *first;
  const size_t count = one ? 1 : call.size();
  for (size_t i = 0; i < count; ++i) {
    if (CanBeTurnedAlike(call, i, turn)) continue;
    if (CanMoveAll(call)) return handler(call);
    call.node.FailHere("wants input {} with its axes turned like those of the others", i);
  }
  for (size_t i = 0; i < count; ++i) call.Replace(i, TurnedAlike(call, i, turn));
  return OnnxTurned{std::get<ValueId>(handler(call)), turn};
}

}  // namespace gan::core
