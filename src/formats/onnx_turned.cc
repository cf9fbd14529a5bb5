#include "formats/onnx_turned.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <set>
#include <span>
#include <string_view>

#include "base/checked.h"

namespace gan::core {
namespace {

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

// Numbers beside a turned picture, with their axes where its own are. At most one of them has more
// than one element, so that the numbers keep their order.
Tensor TurnedBack(const OnnxCall& call, const Tensor& tensor, const std::vector<int64_t>& turn) {
  const Shape& shape = tensor.shape();
  if (shape.elements() == 1) return tensor.Reshaped({});
  std::vector<int64_t> sizes(turn.size(), 1);
  const bool fits = shape.rank() <= turn.size();
  for (size_t axis = 0; fits && axis < shape.rank(); ++axis) {
    sizes[static_cast<size_t>(turn[turn.size() - shape.rank() + axis])] = shape[axis];
  }
  if (!fits || std::ranges::count(sizes, 1) + 1 < static_cast<std::ptrdiff_t>(sizes.size())) {
    call.node.FailHere(
        "wants one number, or numbers along one axis, beside a picture with its axes "
        "turned, got {}",
        shape.ToString());
  }
  return tensor.Reshaped(Shape(std::span<const int64_t>(sizes)));
}

// The order of the first turned input; nullptr where none is.
const std::vector<int64_t>* TurnOf(const OnnxCall& call) {
  for (size_t i = 0; i < call.size(); ++i) {
    if (const OnnxTurned* turned = call.Turned(i)) return &turned->turn;
  }
  return nullptr;
}

constexpr int64_t kMostMoved = 512;  // rows or columns of a matrix that is transposed

ValueId Identity(OnnxCall& call, int64_t count) {
  Tensor one = Tensor::Zeros(DType::kF32, {count, 1, 1, count});
  for (int64_t i = 0; i < count; ++i) one.floats()[static_cast<size_t>(i * (count + 1))] = 1;
  return call.SharedConstant(fmt::format("identity/{}", count), one);
}

// x [N, ...], seen as rows by columns, as columns by rows under `sizes`.
ValueId TransposedMatrix(OnnxCall& call, ValueId x, int64_t rows, int64_t columns,
                         const std::vector<int64_t>& sizes) {
  if (columns <= rows) {  // each channel is a column
    x = call.Add(Reshape{{1, rows, columns}}, {x});
    x = call.Add(Conv2d{.kernel = {1, columns}}, {x, Identity(call, columns)});
  } else {  // each channel, a row, becomes a column
    x = call.Add(Reshape{{rows, columns, 1}}, {x});
    x = call.Add(ConvTranspose2d{.kernel = {1, rows}, .stride = {1, rows}},
                 {x, Identity(call, rows)});
  }
  return call.Add(Reshape{sizes}, {x});
}

}  // namespace

std::optional<ValueId> OnnxMoved(OnnxCall& call, const OnnxTurned& turned) {
  const SymbolicShape shape = call.ShapeOf(turned.value);
  std::vector<int64_t> sizes, moved;
  for (size_t i = 1; i < turned.turn.size(); ++i) {
    const Dim& size = shape[static_cast<size_t>(turned.turn[i])];
    if (!size.IsConstant()) return std::nullopt;
    sizes.push_back(size.constant());
    if (size.constant() != 1) moved.push_back(turned.turn[i]);
  }
  // Those behind went in front: both parts keep their order.
  const auto split = std::ranges::min_element(moved);
  if (split == moved.end()) return std::nullopt;
  std::vector<int64_t> back(split, moved.end());
  back.insert(back.end(), moved.begin(), split);
  if (!std::ranges::is_sorted(back)) return std::nullopt;
  int64_t rows = 1, columns = 1;
  for (auto axis = moved.begin(); axis != moved.end(); ++axis) {
    int64_t& product = axis < split ? columns : rows;
    const auto larger = CheckedMul(product, shape[static_cast<size_t>(*axis)].constant());
    if (!larger) return std::nullopt;
    product = *larger;
  }
  if (std::min(rows, columns) > kMostMoved) return std::nullopt;
  return TransposedMatrix(call, turned.value, rows, columns, sizes);
}

std::vector<int64_t> ChannelsLast() { return {0, 2, 3, 1}; }

std::vector<int64_t> OnnxTurnedAgain(const OnnxNode& node, const std::vector<int64_t>& turn,
                                     const std::vector<int64_t>& perm) {
  std::vector<int64_t> sorted = perm, every(turn.size());
  std::ranges::sort(sorted);
  std::iota(every.begin(), every.end(), 0);
  if (sorted != every) node.FailHere("wants each of {} axes once", turn.size());
  std::vector<int64_t> out;
  for (const int64_t axis : perm) out.push_back(turn[static_cast<size_t>(axis)]);
  return out;
}

bool HasChannelsLast(const OnnxFile& file, const OnnxInput& input) {
  if (input.sizes.size() != 4) return false;
  const std::vector<int64_t> forward = {0, 3, 1, 2};
  std::set<std::string_view> reached = {input.name};
  for (const OnnxNode& node : file.nodes) {
    const bool reads = std::ranges::any_of(
        node.inputs, [&](const std::string& name) { return reached.contains(name); });
    if (!reads) continue;
    if (node.op == "Transpose" && node.Ints("perm") == forward) return true;
    const bool passes = IsOfOne(node.op) || IsOfSeveral(node.op);
    if (passes && !node.outputs.empty()) reached.insert(node.outputs[0]);
  }
  return false;
}

OnnxValue OnnxHandled(OnnxHandler handler, OnnxCall& call) {
  const std::vector<int64_t>* first = TurnOf(call);
  const bool one = IsOfOne(call.node.op), several = IsOfSeveral(call.node.op);
  if (first == nullptr || !(several || (one && call.Turned(0) != nullptr))) return handler(call);
  const std::vector<int64_t> turn = *first;
  for (size_t i = 0; i < (one ? 1 : call.size()); ++i) {
    if (const OnnxTurned* turned = call.Turned(i)) {
      if (turned->turn != turn) call.node.FailHere("wants inputs with their axes turned alike");
      call.Replace(i, turned->value);
    } else if (call.IsKnown(i)) {
      call.Replace(i, TurnedBack(call, call.Known(i), turn));
    } else {
      call.node.FailHere("wants input {} with its axes turned like those of the others", i);
    }
  }
  return OnnxTurned{std::get<ValueId>(handler(call)), turn};
}

}  // namespace gan::core
