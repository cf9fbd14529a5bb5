#include "formats/onnx_patterns.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace gan::core {
namespace {

using Maybe = std::optional<OnnxNode>;

// Looks from a node to those that make what it reads, and notes which it went through.
class Search {
 public:
  explicit Search(const OnnxFile& file) : file_(file) {
    for (const OnnxNode& node : file.nodes) {
      for (const std::string& output : node.outputs) makers_.emplace(output, &node);
    }
  }

  // The node of this operator that makes input i; nullptr when another does.
  const OnnxNode* Maker(const OnnxNode& node, size_t i, std::string_view op) {
    if (i >= node.inputs.size()) return nullptr;
    return Made(node.inputs[i], op);
  }
  // The node of this operator that makes this name, likewise.
  const OnnxNode* Made(const std::string& name, std::string_view op) {
    const auto found = makers_.find(name);
    if (found == makers_.end() || found->second->op != op) return nullptr;
    seen_.insert(found->second);
    return found->second;
  }

  // The numbers that the file holds as input i.
  const Tensor* Known(const OnnxNode& node, size_t i) const {
    if (i >= node.inputs.size()) return nullptr;
    if (const auto weight = file_.weights.find(node.inputs[i]); weight != file_.weights.end()) {
      return &weight->second;
    }
    const auto maker = makers_.find(node.inputs[i]);
    if (maker == makers_.end() || maker->second->op != "Constant") return nullptr;
    const auto value = maker->second->attributes.find("value");
    const bool there = value != maker->second->attributes.end() && value->second.tensor;
    return there ? &*value->second.tensor : nullptr;
  }

  std::optional<float> KnownNumber(const OnnxNode& node, size_t i) const {
    const Tensor* known = Known(node, i);
    if (known == nullptr || known->shape().elements() != 1) return std::nullopt;
    if (!IsFloating(known->dtype())) return std::nullopt;
    return known->ToFloat().floats()[0];
  }

  int64_t opset() const { return file_.opset; }

  // The nodes that the last match went through.
  std::set<const OnnxNode*> Take() { return std::exchange(seen_, {}); }

 private:
  const OnnxFile& file_;
  std::map<std::string, const OnnxNode*, std::less<>> makers_;
  std::set<const OnnxNode*> seen_;
};

OnnxNode Folded(const OnnxNode& last, std::string_view op, std::vector<std::string> inputs) {
  OnnxNode node = last;
  node.op = op;
  node.inputs = std::move(inputs);
  node.attributes.clear();
  return node;
}

void Set(OnnxNode& node, const char* attribute, float number) {
  node.attributes[attribute].number = number;
}

// What is under the root of Sqrt(Add(x, epsilon)), and epsilon.
std::optional<std::pair<const OnnxNode*, float>> UnderRoot(Search& search, const OnnxNode& node,
                                                           size_t i, std::string_view op) {
  const OnnxNode* root = search.Maker(node, i, "Sqrt");
  const OnnxNode* sum = root == nullptr ? nullptr : search.Maker(*root, 0, "Add");
  if (sum == nullptr) return std::nullopt;
  for (const size_t number : {size_t{1}, size_t{0}}) {
    const std::optional<float> epsilon = search.KnownNumber(*sum, number);
    if (!epsilon) continue;
    const OnnxNode* under = search.Maker(*sum, 1 - number, op);
    if (under != nullptr) return std::pair(under, *epsilon);
  }
  return std::nullopt;
}

// x of Mul(x, x) or Pow(x, 2).
std::optional<std::string> Squared(Search& search, const OnnxNode& node) {
  if (const OnnxNode* product = search.Maker(node, 0, "Mul")) {
    const bool twice = product->inputs.size() == 2 && product->inputs[0] == product->inputs[1];
    if (twice) return product->inputs[0];
  }
  const OnnxNode* power = search.Maker(node, 0, "Pow");
  if (power == nullptr || search.KnownNumber(*power, 1) != 2.0f) return std::nullopt;
  return power->inputs[0];
}

Maybe PixelNormOf(Search& search, const OnnxNode& last) {
  const auto under = UnderRoot(search, last, 1, "ReduceMean");
  if (!under) return std::nullopt;
  const OnnxNode& mean = *under->first;
  const bool channels = mean.inputs.size() == 1 && mean.Int("keepdims", 1) == 1 &&
                        mean.Ints("axes") == std::vector<int64_t>{1};
  if (!channels || Squared(search, mean) != last.inputs[0]) return std::nullopt;
  OnnxNode node = Folded(last, "gan.PixelNorm", {last.inputs[0]});
  Set(node, "epsilon", under->second);
  return node;
}

// The one axis that a mean is over, which is kept as 1; up to opset 17 it is an attribute.
std::optional<int64_t> MeanAxis(const OnnxNode& mean) {
  const std::vector<int64_t> axes = mean.Ints("axes");
  const bool one = mean.inputs.size() == 1 && mean.Int("keepdims", 1) == 1 && axes.size() == 1;
  return one ? std::optional(axes[0]) : std::nullopt;
}

// (x - mean) / sqrt(mean of (x - mean)^2 + epsilon), both means over one axis.
Maybe LayerNormOf(Search& search, const OnnxNode& last) {
  const OnnxNode* centred = search.Maker(last, 0, "Sub");
  const auto under = UnderRoot(search, last, 1, "ReduceMean");
  if (centred == nullptr || !under || centred->inputs.size() != 2) return std::nullopt;
  const OnnxNode* mean = search.Maker(*centred, 1, "ReduceMean");
  const auto axis = mean == nullptr ? std::nullopt : MeanAxis(*mean);
  if (!axis || MeanAxis(*under->first) != axis || mean->inputs[0] != centred->inputs[0]) {
    return std::nullopt;
  }
  const auto squared = Squared(search, *under->first);
  if (!squared) return std::nullopt;
  // Some exporters subtract a second time.
  const OnnxNode* again = search.Made(*squared, "Sub");
  if (again == nullptr || again->inputs != centred->inputs) return std::nullopt;
  OnnxNode node = Folded(last, "gan.LayerNorm", {mean->inputs[0]});
  Set(node, "epsilon", under->second);
  node.attributes["axis"].integer = *axis;
  return node;
}

Maybe DemodulateOf(Search& search, const OnnxNode& last) {
  const auto under = UnderRoot(search, last, 0, "Gemm");
  if (!under) return std::nullopt;
  const OnnxNode& sums = *under->first;
  const std::optional<std::string> style = Squared(search, sums);
  const bool plain = sums.inputs.size() == 2 && sums.Int("transA", 0) == 0 &&
                     sums.Int("transB", 0) == 1 && sums.Float("alpha", 1) == 1;
  if (!style || !plain) return std::nullopt;
  OnnxNode node = Folded(last, "gan.Demodulate", {*style, sums.inputs[1]});
  Set(node, "epsilon", under->second);
  return node;
}

bool IsNear(std::optional<float> number, float wanted) {
  return number && std::abs(*number - wanted) < 1e-5f;
}

// x of Mul(x, sqrt(1/2)) or Div(x, sqrt(2)), of input i.
std::optional<std::string> Narrowed(Search& search, const OnnxNode& node, size_t i) {
  if (const OnnxNode* quotient = search.Maker(node, i, "Div")) {
    if (IsNear(search.KnownNumber(*quotient, 1), 1.41421356f)) return quotient->inputs[0];
  }
  const OnnxNode* product = search.Maker(node, i, "Mul");
  for (const size_t number : {size_t{0}, size_t{1}}) {
    if (product == nullptr || product->inputs.size() != 2) break;
    if (IsNear(search.KnownNumber(*product, number), 0.70710678f)) {
      return product->inputs[1 - number];
    }
  }
  return std::nullopt;
}

// x of 1 + erf(x / sqrt(2)), of input i.
std::optional<std::string> OneAndErf(Search& search, const OnnxNode& node, size_t i) {
  const OnnxNode* sum = search.Maker(node, i, "Add");
  for (const size_t number : {size_t{0}, size_t{1}}) {
    if (sum == nullptr || sum->inputs.size() != 2) break;
    if (search.KnownNumber(*sum, number) != 1.0f) continue;
    const OnnxNode* erf = search.Maker(*sum, 1 - number, "Erf");
    if (erf != nullptr) return Narrowed(search, *erf, 0);
  }
  return std::nullopt;
}

// The product of x, 0.5 and 1 + erf(x / sqrt(2)), whichever two come first.
Maybe GeluOf(Search& search, const OnnxNode& last) {
  for (const size_t inner : {size_t{0}, size_t{1}}) {
    const OnnxNode* product = search.Maker(last, inner, "Mul");
    if (product == nullptr || product->inputs.size() != 2) continue;
    const std::array<std::pair<const OnnxNode*, size_t>, 3> factors = {
        {{&last, 1 - inner}, {product, 0}, {product, 1}}};
    std::optional<std::string> x;
    bool half = false;
    for (const auto& [node, i] : factors) {
      half = half || search.KnownNumber(*node, i) == 0.5f;
      if (!x) x = OneAndErf(search, *node, i);
    }
    const bool is_factor = x && std::ranges::any_of(factors, [&](const auto& factor) {
                             return factor.first->inputs[factor.second] == *x;
                           });
    if (half && is_factor) return Folded(last, "Gelu", {*x});
  }
  return std::nullopt;
}

// Groups of [0, groups, -1].
std::optional<int64_t> GroupsOf(const Tensor* sizes) {
  if (sizes == nullptr || sizes->dtype() != DType::kI64 || sizes->shape() != Shape{3}) {
    return std::nullopt;
  }
  int64_t numbers[3];
  std::memcpy(numbers, sizes->raw().data(), sizeof numbers);
  if (numbers[0] != 0 || numbers[1] < 1 || numbers[2] != -1) return std::nullopt;
  return numbers[1];
}

Maybe GroupNormOf(Search& search, const OnnxNode& last) {
  const OnnxNode* norm = search.Maker(last, 0, "InstanceNormalization");
  const OnnxNode* rows = norm == nullptr ? nullptr : search.Maker(*norm, 0, "Reshape");
  if (rows == nullptr || rows->inputs.size() != 2 || norm->inputs.size() != 3) return std::nullopt;
  // Back to the shape of x; some exporters know it.
  const OnnxNode* shape = search.Maker(last, 1, "Shape");
  const bool same = shape != nullptr && shape->attributes.empty() &&
                    shape->inputs == std::vector<std::string>{rows->inputs[0]};
  const std::optional<int64_t> groups = GroupsOf(search.Known(*rows, 1));
  if (!groups || (!same && search.Known(last, 1) == nullptr)) return std::nullopt;
  OnnxNode node =
      Folded(last, "gan.GroupNorm", {rows->inputs[0], norm->inputs[1], norm->inputs[2]});
  if (!same) node.inputs.push_back(last.inputs[1]);
  node.attributes["groups"].integer = *groups;
  Set(node, "epsilon", norm->Float("epsilon", 1e-5f));
  return node;
}

bool SwapsLastTwo(const OnnxNode& node) {
  return node.Ints("perm") == std::vector<int64_t>{0, 2, 1};
}

// What a softmax is of: the products of the positions of two values, and by what they are
// multiplied.
struct Scores {
  const OnnxNode* product = nullptr;  // MatMul(Transpose(a), b)
  const OnnxNode* turned = nullptr;   // that Transpose
  bool swapped = false;               // rows are those of b
  float scale = 1;
};

std::optional<Scores> ScaledProduct(Search& search, const OnnxNode& softmax) {
  constexpr int kMostSteps = 4;
  Scores out;
  const OnnxNode* node = &softmax;
  for (int step = 0; step < kMostSteps && out.product == nullptr; ++step) {
    out.product = search.Maker(*node, 0, "MatMul");
    if (out.product != nullptr) break;
    if (const OnnxNode* turned = search.Maker(*node, 0, "Transpose")) {
      if (!SwapsLastTwo(*turned)) return std::nullopt;
      out.swapped = !out.swapped;
      node = turned;
      continue;
    }
    const OnnxNode* scaled = search.Maker(*node, 0, "Mul");
    const OnnxNode* divided = search.Maker(*node, 0, "Div");
    node = scaled != nullptr ? scaled : divided;
    const auto number = node == nullptr ? std::nullopt : search.KnownNumber(*node, 1);
    if (!number || *number == 0) return std::nullopt;
    out.scale *= scaled != nullptr ? *number : 1 / *number;
  }
  if (out.product == nullptr || out.product->inputs.size() != 2) return std::nullopt;
  return out;
}

std::optional<Scores> ScoresOf(Search& search, const OnnxNode& softmax) {
  std::optional<Scores> out = ScaledProduct(search, softmax);
  if (!out) return std::nullopt;
  out->turned = search.Maker(*out->product, 0, "Transpose");
  if (out->turned == nullptr || out->turned->inputs.size() != 1 || !SwapsLastTwo(*out->turned)) {
    return std::nullopt;
  }
  return out;
}

// values [N, C, keys] by the shares [N, keys, queries], which are input i of `node`, or with
// `swapped` [N, queries, keys]: the softmax is over the keys.
Maybe Attended(Search& search, const OnnxNode& last, const std::string& values,
               const OnnxNode& node, size_t i, bool swapped) {
  const OnnxNode* from = &node;
  if (const OnnxNode* turned = search.Maker(node, i, "Transpose")) {
    if (!SwapsLastTwo(*turned)) return std::nullopt;
    swapped = !swapped, from = turned, i = 0;
  }
  const OnnxNode* shares = search.Maker(*from, i, "Softmax");
  if (shares == nullptr) return std::nullopt;
  // Left out it means another axis before opset 13, and another than the last all behind it.
  const int64_t axis = shares->Int("axis", search.opset() < 13 ? 1 : -1);
  const bool over_last = axis == -1 || axis == 2;
  const bool over_first = search.opset() >= 13 && (axis == 1 || axis == -2);
  if (swapped ? !over_last : !over_first) return std::nullopt;
  const std::optional<Scores> scores = ScoresOf(search, *shares);
  if (!scores) return std::nullopt;
  const std::string &a = scores->turned->inputs[0], &b = scores->product->inputs[1];
  const bool queries_first = scores->swapped != swapped;
  OnnxNode folded =
      Folded(last, "gan.Attention", {queries_first ? a : b, queries_first ? b : a, values});
  Set(folded, "scale", scores->scale);
  return folded;
}

Maybe AttentionOf(Search& search, const OnnxNode& last) {
  return Attended(search, last, last.inputs[0], last, 1, false);
}

// The same with everything turned: Transpose(MatMul(shares, Transpose(values))).
Maybe TurnedAttentionOf(Search& search, const OnnxNode& last) {
  const OnnxNode* product = SwapsLastTwo(last) ? search.Maker(last, 0, "MatMul") : nullptr;
  if (product == nullptr || product->inputs.size() != 2) return std::nullopt;
  const OnnxNode* values = search.Maker(*product, 1, "Transpose");
  if (values == nullptr || values->inputs.size() != 1 || !SwapsLastTwo(*values)) {
    return std::nullopt;
  }
  return Attended(search, last, values->inputs[0], *product, 0, true);
}

// Rows of places: MatMul(Softmax(scaled MatMul(queries, turned keys)), values), of several heads.
Maybe AttentionOfRows(Search& search, const OnnxNode& last) {
  const OnnxNode* shares = search.Maker(last, 0, "Softmax");
  if (shares == nullptr || shares->Int("axis", search.opset() < 13 ? 1 : -1) != -1) {
    return std::nullopt;
  }
  const std::optional<Scores> scores = ScaledProduct(search, *shares);
  if (!scores || scores->swapped) return std::nullopt;
  const std::vector<std::string>& product = scores->product->inputs;
  OnnxNode folded = Folded(last, "gan.AttentionOfRows", {product[0], product[1], last.inputs[1]});
  Set(folded, "scale", scores->scale);
  return folded;
}

struct Pattern {
  std::string_view last;  // the operator that the group ends with
  size_t inputs;          // that it has
  Maybe (*match)(Search& search, const OnnxNode& last);
};

constexpr std::array kPatterns = {
    Pattern{"Div", 2, PixelNormOf},
    Pattern{"Div", 2, LayerNormOf},
    Pattern{"Reciprocal", 1, DemodulateOf},
    Pattern{"Reshape", 2, GroupNormOf},
    Pattern{"MatMul", 2, AttentionOf},
    Pattern{"MatMul", 2, AttentionOfRows},
    Pattern{"Transpose", 1, TurnedAttentionOf},
    Pattern{"Mul", 2, GeluOf},
};

Maybe MatchAny(Search& search, const OnnxNode& last) {
  for (const Pattern& pattern : kPatterns) {
    if (last.op != pattern.last || last.inputs.size() != pattern.inputs) continue;
    if (Maybe node = pattern.match(search, last)) return node;
  }
  return std::nullopt;
}

// Of the nodes at `inner`, those that nothing reads any more, from the back.
void DropUnread(OnnxFile& file, const std::set<size_t>& inner) {
  std::map<std::string, size_t> readers;
  for (const std::string& output : file.outputs) ++readers[output];
  for (const OnnxNode& node : file.nodes) {
    for (const std::string& input : node.inputs) ++readers[input];
  }
  std::vector<bool> dropped(file.nodes.size(), false);
  for (auto at = inner.rbegin(); at != inner.rend(); ++at) {
    const OnnxNode& node = file.nodes[*at];
    for (const std::string& output : node.outputs) dropped[*at] = readers[output] == 0;
    if (!dropped[*at]) continue;
    for (const std::string& input : node.inputs) --readers[input];
  }
  std::vector<OnnxNode> left;
  for (size_t i = 0; i < file.nodes.size(); ++i) {
    if (!dropped[i]) left.push_back(std::move(file.nodes[i]));
  }
  file.nodes = std::move(left);
}

}  // namespace

void FoldOnnxPatterns(OnnxFile& file) {
  Search search(file);
  std::map<size_t, OnnxNode> folded;
  std::set<size_t> inner;
  for (size_t i = 0; i < file.nodes.size(); ++i) {
    search.Take();
    Maybe node = MatchAny(search, file.nodes[i]);
    if (!node) continue;
    folded.emplace(i, std::move(*node));
    for (const OnnxNode* seen : search.Take()) {
      inner.insert(static_cast<size_t>(seen - file.nodes.data()));
    }
  }
  if (folded.empty()) return;
  for (auto& [i, node] : folded) file.nodes[i] = std::move(node);
  DropUnread(file, inner);
}

}  // namespace gan::core
