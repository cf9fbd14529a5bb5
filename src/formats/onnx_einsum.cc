// Einsum: products of two values summed over some axes, each axis named by a letter.
#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/checked.h"
#include "formats/onnx_ops.h"

namespace gan::core {
namespace {

struct Equation {
  std::vector<std::string> inputs;
  std::string output;
};

bool HasEachOnce(const std::string& letters) {
  return std::ranges::all_of(letters, [&](char letter) {
    const bool is_letter = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
    return is_letter && std::ranges::count(letters, letter) == 1;
  });
}

// "ij,jk->ik". Dots, repeated letters and results that are not named are for others.
Equation EquationOf(const OnnxCall& call) {
  std::string text = call.node.Text("equation", "");
  std::erase(text, ' ');
  const size_t arrow = text.find("->");
  Equation out;
  bool fits = arrow != std::string::npos;
  if (fits) {
    out.output = text.substr(arrow + 2);
    out.inputs.emplace_back();
    for (const char c : text.substr(0, arrow)) {
      c == ',' ? void(out.inputs.emplace_back()) : out.inputs.back().push_back(c);
    }
    fits = out.inputs.size() == call.size() && call.size() <= 2 && !out.output.empty() &&
           HasEachOnce(out.output) && std::ranges::all_of(out.inputs, HasEachOnce);
  }
  if (!fits) {
    call.node.FailHere(
        "wants one or two inputs and each axis named by a letter of its own, got \"{}\"",
        Printable(text));
  }
  return out;
}

// One input while it is brought to the form of a product; its first axis is that of the pictures.
struct Operand {
  ValueId value;
  std::string letters;
};

class Einsum {
 public:
  explicit Einsum(OnnxCall& call) : call_(call), equation_(EquationOf(call)) {}

  ValueId Result() {
    const std::string& out = equation_.output;
    std::vector<Operand> in;
    for (size_t i = 0; i < call_.size(); ++i) in.push_back(Read(i));
    if (out.size() < 2) call_.node.FailHere("leaves one number a picture, without an axis");
    for (const char c : out.substr(1)) {
      if (!sizes_.contains(c)) call_.node.FailHere("makes \"{}\" of nothing", c);
    }
    if (in.size() == 1) return Turned(in[0].value, in[0].letters, out);
    const std::string &a = in[0].letters, &b = in[1].letters;
    const auto in_both = [&](char c) { return Has(a, c) && Has(b, c); };
    std::string batch, left, right, summed;
    for (const char c : out.substr(1)) (in_both(c) ? batch : Has(a, c) ? left : right) += c;
    for (const char c : (a + b)) {
      if (Has(out, c) || Has(summed, c)) continue;
      if (!in_both(c)) call_.node.FailHere("sums over \"{}\", which one input has alone", c);
      summed += c;
    }
    const std::string n = out.substr(0, 1);
    const ValueId from = Folded(in[0], n + batch + left + summed, {batch, left, summed});
    const ValueId by = Folded(in[1], n + batch + summed + right, {batch, summed, right});
    const ValueId product = call_.Add(MatMul{}, {from, by});
    const std::string made = n + batch + left + right;
    return Turned(call_.Add(Reshape{SizesOf(made.substr(1))}, {product}), made, out);
  }

 private:
  static bool Has(const std::string& letters, char letter) {
    return letters.find(letter) != std::string::npos;
  }

  // Numbers that the file holds are the same for all pictures.
  Operand Read(size_t i) {
    const char pictures = equation_.output[0];
    std::string letters = equation_.inputs[i];
    ValueId value{};
    if (call_.IsKnown(i)) {
      std::vector<int64_t> sizes = {1};
      for (const int64_t size : call_.Known(i).shape().sizes()) sizes.push_back(size);
      if (Has(letters, pictures) || sizes.size() > Shape::kMaxRank) {
        call_.node.FailHere("wants input {} to be the same for all pictures", i);
      }
      value = call_.Parameter(i, call_.Known(i).Reshaped(Shape(std::span<const int64_t>(sizes))));
      letters.insert(letters.begin(), pictures);
    } else {
      value = call_.Value(i);
      if (letters.empty() || letters[0] != pictures) {
        call_.node.FailHere("wants the first axis of input {} to be that of the result", i);
      }
    }
    const SymbolicShape& shape = call_.ShapeOf(value);
    if (shape.size() != letters.size()) {
      call_.node.FailHere("names {} axes of {}", letters.size(), ToString(shape));
    }
    for (size_t axis = 1; axis < shape.size(); ++axis) {
      if (!shape[axis].IsConstant()) {
        call_.node.FailHere("wants known sizes, got {}", ToString(shape));
      }
      const int64_t size = shape[axis].constant();
      if (sizes_.emplace(letters[axis], size).first->second != size) {
        call_.node.FailHere("has two sizes of \"{}\"", letters[axis]);
      }
    }
    return {value, std::move(letters)};
  }

  std::vector<int64_t> SizesOf(const std::string& letters) const {
    std::vector<int64_t> out;
    for (const char letter : letters) out.push_back(sizes_.at(letter));
    if (out.empty()) out.push_back(1);
    return out;
  }

  // With its axes in another order; each letter of `to` is in `from`.
  ValueId Turned(ValueId value, const std::string& from, const std::string& to) {
    Transpose op;
    for (const char letter : to) {
      op.order.push_back(static_cast<int64_t>(from.find(letter)));
    }
    if (to.size() != from.size()) call_.node.FailHere("sums over an axis of one input");
    return std::ranges::is_sorted(op.order) ? value : call_.Add(op, {value});
  }

  // Axes in this order, each of these groups as one.
  ValueId Folded(const Operand& in, const std::string& order,
                 const std::vector<std::string>& groups) {
    Reshape op;
    for (const std::string& group : groups) {
      const auto product = CheckedProduct(SizesOf(group));
      if (!product) call_.node.FailHere("has sizes that are too large to compute with");
      op.sizes.push_back(*product);
    }
    return call_.Add(op, {Turned(in.value, in.letters, order)});
  }

  OnnxCall& call_;
  Equation equation_;
  std::map<char, int64_t> sizes_;  // but that of the pictures
};

}  // namespace

OnnxValue OnnxEinsum(OnnxCall& call) { return Einsum(call).Result(); }

}  // namespace gan::core
