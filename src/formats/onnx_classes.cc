#include "formats/onnx_classes.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace gan::core {
namespace {

constexpr int64_t kMostClasses = int64_t{1} << 16;

// What leaves the numbers as they are.
bool KeepsNumbers(std::string_view op) {
  constexpr std::array<std::string_view, 6> kOps = {"Cast",    "Identity", "Squeeze",
                                                    "Reshape", "Flatten",  "Unsqueeze"};
  return std::ranges::count(kOps, op) != 0;
}

const Tensor* Constant(const OnnxFile& file, const std::string& name) {
  const auto weight = file.weights.find(name);
  if (weight != file.weights.end()) return &weight->second;
  for (const OnnxNode& node : file.nodes) {
    if (node.op != "Constant" || node.outputs.empty() || node.outputs[0] != name) continue;
    const auto value = node.attributes.find("value");
    if (value != node.attributes.end() && value->second.tensor) return &*value->second.tensor;
  }
  return nullptr;
}

// Classes that a node chooses from which reads their numbers.
std::optional<int64_t> ClassesRead(const OnnxFile& file, const OnnxNode& node) {
  if (node.inputs.size() < 2) return std::nullopt;
  if (node.op == "Gather") {
    const Tensor* table = Constant(file, node.inputs[0]);
    if (table == nullptr || table->shape().rank() != 2) return std::nullopt;
    return table->shape()[0];
  }
  const Tensor* depth = Constant(file, node.inputs[1]);
  if (depth == nullptr || depth->dtype() != DType::kI64 || depth->shape().elements() != 1) {
    return std::nullopt;
  }
  int64_t classes = 0;
  std::memcpy(&classes, depth->raw().data(), sizeof classes);
  return classes;
}

// A product of the labels with the table.
OnnxValue LookedUp(OnnxCall& call, const OnnxClasses& classes) {
  const Tensor table = call.Known(0);
  if (call.node.Int("axis", 0) != 0 || table.shape().rank() != 2) {
    call.node.FailHere("wants a table with a row for each class, got {}", table.shape().ToString());
  }
  OnnxNode product = call.node;  // whose inputs change places
  std::swap(product.inputs[0], product.inputs[1]);
  OnnxCall with = call.Of(product);
  with.Replace(0, classes.labels);
  with.Replace(1, table);
  const OnnxValue rows = FindOnnxHandler("MatMul")(with);
  if (classes.ones == 0) return rows;
  std::vector<int64_t> sizes(classes.ones, 1);
  sizes.push_back(table.shape()[1]);
  return call.Add(Reshape{sizes}, {std::get<ValueId>(rows)});
}

OnnxValue OneHotOf(OnnxCall& call, const OnnxClasses& classes) {
  const std::vector<float> values = call.KnownFloats(2);  // for the others, for the class
  if (values.size() != 2 || classes.ones != 0 ||
      OnnxAxis(call, call.node.Int("axis", -1), 2) != 1) {
    call.node.FailHere("wants two values, and classes along the last axis");
  }
  if (values[0] == 0 && values[1] == 1) return classes.labels;
  return call.Add(Affine{values[1] - values[0], values[0]}, {classes.labels});
}

// The same numbers with other axes of 1 behind the first.
OnnxValue WithOnes(OnnxCall& call, const OnnxClasses& classes) {
  const std::string& op = call.node.op;
  size_t ones = classes.ones;
  if (op == "Squeeze") ones = 0;
  if (op == "Flatten") ones = 1;
  if (op == "Unsqueeze") ones += (call.Has(1) ? call.KnownInts(1) : call.node.Ints("axes")).size();
  if (op == "Reshape") ones = std::max<size_t>(call.Sizes(1).size(), 1) - 1;
  if (ones >= Shape::kMaxRank - 1) call.node.FailHere("has more than 8 axes");
  return OnnxClasses{classes.labels, ones};
}

}  // namespace

std::optional<int64_t> OnnxClassesOf(const OnnxFile& file, const OnnxInput& input) {
  std::set<std::string_view> numbers = {input.name};
  std::optional<int64_t> classes;
  for (const OnnxNode& node : file.nodes) {
    const size_t at = node.op == "Gather" ? 1 : 0;
    if (node.inputs.size() <= at || !numbers.contains(node.inputs[at])) continue;
    if (KeepsNumbers(node.op) && !node.outputs.empty()) numbers.insert(node.outputs[0]);
    if (node.op != "Gather" && node.op != "OneHot") continue;
    const std::optional<int64_t> read = ClassesRead(file, node);
    if (!read || *read < 1 || *read > kMostClasses || (classes && *classes != *read)) {
      return std::nullopt;
    }
    classes = read;
  }
  return classes;
}

std::optional<OnnxValue> OnnxOfClasses(OnnxCall& call) {
  const size_t at = call.node.op == "Gather" ? 1 : 0;
  const OnnxClasses* classes = call.Classes(at);
  if (classes != nullptr && call.node.op == "Gather") return LookedUp(call, *classes);
  if (classes != nullptr && call.node.op == "OneHot") return OneHotOf(call, *classes);
  if (classes != nullptr && KeepsNumbers(call.node.op)) return WithOnes(call, *classes);
  if (classes != nullptr && call.node.op == "Shape") {
    std::vector<Dim> sizes = {Dim::Symbol("N")};
    sizes.resize(classes->ones + 1, Dim(1));
    return OnnxSizes{{std::ssize(sizes)}, sizes};
  }
  for (size_t i = 0; i < call.size(); ++i) {
    if (call.Classes(i) != nullptr) call.node.FailHere("calculates with the numbers of classes");
  }
  return std::nullopt;
}

}  // namespace gan::core
