#include "formats/onnx_folding.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "base/checked.h"
#include "formats/onnx_numbers.h"

namespace gan::core {
namespace {

// ONNX's numbers of element types with fractions: f32, f16, f64, bf16.
bool IsFloatingType(int64_t type) { return type == 1 || type == 10 || type == 11 || type == 16; }

}  // namespace

// One node over known numbers.
class OnnxFolding {
 public:
  OnnxFolding(OnnxCall& call, uint64_t& room) : call_(call), maker_(call.node, room) {}

  std::optional<OnnxValue> Fold() {
    if (call_.node.op == "Shape" && call_.size() == 1) return OnnxValueOf(ShapeOf());
    const Operation operation = Find();
    if (operation == nullptr || call_.size() == 0) return std::nullopt;
    for (size_t i = 0; i < call_.size(); ++i) {
      if (call_.Has(i) && !call_.IsKnown(i) && !call_.IsSizes(i)) return std::nullopt;
    }
    for (size_t i = 0; i < call_.size(); ++i) {
      if (!call_.Has(i)) {
        in_.emplace_back();
        continue;
      }
      std::optional<OnnxNumbers> numbers = Input(i);
      if (!numbers) return std::nullopt;
      in_.push_back(std::move(*numbers));
    }
    std::optional<OnnxNumbers> out = (this->*operation)();
    if (!out) return std::nullopt;
    return OnnxValueOf(std::move(*out));
  }

 private:
  using Result = std::optional<OnnxNumbers>;
  using Operation = Result (OnnxFolding::*)();

  Operation Find() const {
    struct Entry {
      std::string_view op;
      Operation operation;
    };
    static constexpr std::array kEntries = {
        Entry{"Identity", &OnnxFolding::Same},
        Entry{"Cast", &OnnxFolding::Cast},
        Entry{"Gather", &OnnxFolding::Gather},
        Entry{"Slice", &OnnxFolding::Slice},
        Entry{"Concat", &OnnxFolding::Concat},
        Entry{"Transpose", &OnnxFolding::Transpose},
        Entry{"Reshape", &OnnxFolding::Reshape},
        Entry{"Squeeze", &OnnxFolding::Squeeze},
        Entry{"Unsqueeze", &OnnxFolding::Unsqueeze},
        Entry{"Expand", &OnnxFolding::Expand},
        Entry{"ConstantOfShape", &OnnxFolding::ConstantOfShape},
        Entry{"Where", &OnnxFolding::Where},
        Entry{"Equal", &OnnxFolding::Equal},
        Entry{"Add", &OnnxFolding::Arithmetic},
        Entry{"Sub", &OnnxFolding::Arithmetic},
        Entry{"Mul", &OnnxFolding::Arithmetic},
        Entry{"Div", &OnnxFolding::Arithmetic},
        Entry{"Pow", &OnnxFolding::Arithmetic},
        Entry{"Floor", &OnnxFolding::Function},
        Entry{"Ceil", &OnnxFolding::Function},
        Entry{"Neg", &OnnxFolding::Function},
        Entry{"Sqrt", &OnnxFolding::Function},
        Entry{"Reciprocal", &OnnxFolding::Function},
        Entry{"Exp", &OnnxFolding::Function},
        Entry{"ReduceProd", &OnnxFolding::Product},
    };
    const auto found = std::ranges::find(kEntries, call_.node.op, &Entry::op);
    return found == kEntries.end() ? nullptr : found->operation;
  }

  std::optional<OnnxNumbers> Input(size_t i) {
    const OnnxValue& value = *call_.inputs_[i];
    if (const auto* sizes = std::get_if<OnnxSizes>(&value)) {
      return OnnxNumbers{sizes->shape, true, sizes->is_fraction, sizes->numbers, {}};
    }
    const auto& tensor = std::get<Tensor>(value);
    // Those of other types are made anew as f32.
    if (IsFloating(tensor.dtype()) && tensor.dtype() != DType::kF32)
      maker_.Take(tensor.shape(), false);
    return OnnxNumbersOf(tensor);
  }

  const OnnxNumbers& In(size_t i) const {
    if (!call_.Has(i)) call_.node.FailHere("wants input {}", i);
    return in_[i];
  }

  // -- Sizes

  OnnxNumbers ShapeOf() {
    SymbolicShape shape;
    if (call_.IsValue(0)) {
      shape = call_.ShapeOf(std::get<ValueId>(*call_.inputs_[0]));
    } else if (const OnnxTurned* turned = call_.Turned(0)) {
      const SymbolicShape& before = call_.ShapeOf(turned->value);
      for (const int64_t axis : turned->turn) shape.push_back(before[static_cast<size_t>(axis)]);
    } else if (call_.IsSizes(0)) {
      for (const int64_t size : std::get<OnnxSizes>(*call_.inputs_[0]).shape.sizes()) {
        shape.emplace_back(size);
      }
    } else {
      for (const int64_t size : call_.Known(0).shape().sizes()) shape.emplace_back(size);
    }
    const auto rank = static_cast<int64_t>(shape.size());
    const auto place = [&](std::string_view attribute, int64_t absent) {
      const int64_t at = call_.node.Int(attribute, absent);
      return std::clamp<int64_t>(at < 0 && at >= -rank ? at + rank : at, 0, rank);
    };
    const int64_t begin = place("start", 0), end = std::max(begin, place("end", rank));
    OnnxNumbers out{.shape = {end - begin}, .whole = true};
    out.sizes.assign(shape.begin() + begin, shape.begin() + end);
    maker_.Take(out.shape, true);
    return out;
  }

  // -- Numbers moved

  Result Same() { return In(0); }

  Result Gather() {
    const OnnxNumbers& from = In(0);
    const OnnxNumbers& places = In(1);
    if (from.shape.rank() == 0 || !places.whole || places.shape.rank() > 1) return std::nullopt;
    const size_t axis = OnnxAxis(call_, call_.node.Int("axis", 0), from.shape.rank());
    const Strides strides = ContiguousStrides(from.shape);
    std::vector<int64_t> sizes = ListOf(from.shape);
    std::vector<OnnxNumbers> parts;
    for (const Dim& dim : places.sizes) {
      if (!dim.IsConstant()) return std::nullopt;
      const int64_t size = from.shape[axis];
      const int64_t at = dim.constant() < 0 ? dim.constant() + size : dim.constant();
      if (at < 0 || at >= size) call_.node.FailHere("wants element {} of {}", at, size);
      sizes[axis] = 1;
      parts.push_back(
          maker_.Picked(from, Shape(std::span<const int64_t>(sizes)), at * strides[axis], strides));
    }
    if (parts.empty()) return std::nullopt;
    OnnxNumbers out = maker_.Joined(parts, axis);
    if (places.shape.rank() > 0) return out;
    sizes.erase(sizes.begin() + static_cast<std::ptrdiff_t>(axis));
    return maker_.Under(std::move(out), sizes);
  }

  Result Concat() {
    std::vector<OnnxNumbers> parts;
    for (size_t i = 0; i < call_.size(); ++i) parts.push_back(In(i));
    const size_t rank = parts[0].shape.rank();
    if (rank == 0) call_.node.FailHere("wants to join numbers with axes");
    return maker_.Joined(parts, OnnxAxis(call_, call_.node.Int("axis", 1), rank));
  }

  std::vector<int64_t> List(size_t i, std::string_view attribute) const {
    return call_.Has(i) ? call_.KnownInts(i) : call_.node.Ints(attribute);
  }

  Result Slice() {
    const OnnxNumbers& from = In(0);
    for (size_t i = 1; i < call_.size(); ++i) {
      if (call_.IsSizes(i)) return std::nullopt;
    }
    const std::vector<int64_t> starts = List(1, "starts"), ends = List(2, "ends");
    std::vector<int64_t> axes = List(3, "axes");
    std::vector<int64_t> steps = call_.Has(4) ? call_.KnownInts(4) : std::vector<int64_t>();
    if (axes.empty()) {
      axes.resize(starts.size());
      std::iota(axes.begin(), axes.end(), 0);
    }
    if (steps.empty()) steps.assign(starts.size(), 1);
    if (ends.size() != starts.size() || axes.size() != starts.size() ||
        steps.size() != starts.size()) {
      call_.node.FailHere("wants as many starts as ends, axes and steps");
    }
    Strides strides = ContiguousStrides(from.shape);
    std::vector<int64_t> sizes = ListOf(from.shape);
    std::array<bool, Shape::kMaxRank> cut{};
    int64_t first = 0;
    for (size_t i = 0; i < starts.size(); ++i) {
      const size_t axis = OnnxAxis(call_, axes[i], sizes.size());
      const int64_t size = from.shape[axis], most = std::max<int64_t>(size, 1);
      const int64_t step = std::clamp(steps[i], -most, most);
      if (step == 0 || std::exchange(cut[axis], true)) {
        call_.node.FailHere("wants steps other than 0, each axis once");
      }
      const int64_t low = step > 0 ? 0 : -1, high = step > 0 ? size : size - 1;
      const auto place = [&](int64_t at) { return std::clamp(at < 0 ? at + size : at, low, high); };
      const int64_t begin = place(starts[i]), end = place(ends[i]);
      const int64_t way = step > 0 ? end - begin : begin - end, stride = std::abs(step);
      sizes[axis] = std::max<int64_t>(0, (way + stride - 1) / stride);
      if (sizes[axis] > 0) first += begin * strides[axis];
      strides[axis] *= step;
    }
    return maker_.Picked(from, Shape(std::span<const int64_t>(sizes)), first, strides);
  }

  Result Transpose() {
    const OnnxNumbers& from = In(0);
    const size_t rank = from.shape.rank();
    std::vector<int64_t> turn = call_.node.Ints("perm");
    if (turn.empty()) {
      for (size_t axis = rank; axis-- > 0;) turn.push_back(static_cast<int64_t>(axis));
    }
    std::vector<int64_t> sorted = turn, every(rank);
    std::ranges::sort(sorted);
    std::iota(every.begin(), every.end(), 0);
    if (sorted != every) call_.node.FailHere("wants each of {} axes once", rank);
    const Strides own = ContiguousStrides(from.shape);
    Strides strides{};
    std::vector<int64_t> sizes;
    for (size_t axis = 0; axis < rank; ++axis) {
      sizes.push_back(from.shape[static_cast<size_t>(turn[axis])]);
      strides[axis] = own[static_cast<size_t>(turn[axis])];
    }
    return maker_.Picked(from, Shape(std::span<const int64_t>(sizes)), 0, strides);
  }

  Result Reshape() {
    const OnnxNumbers& from = In(0);
    if (call_.IsSizes(1)) return std::nullopt;
    std::vector<int64_t> sizes = call_.KnownInts(1);
    int64_t* open = nullptr;
    for (size_t axis = 0; axis < sizes.size(); ++axis) {
      if (sizes[axis] == 0 && call_.node.Int("allowzero", 0) == 0 && axis < from.shape.rank()) {
        sizes[axis] = from.shape[axis];
      }
      if (sizes[axis] == -1) open = &sizes[axis], sizes[axis] = 1;
    }
    const std::optional<int64_t> known = CheckedProduct(sizes);
    if (!known || *known == 0) call_.node.FailHere("wants sizes above 0");
    if (open != nullptr) *open = from.shape.elements() / *known;
    return maker_.Under(from, sizes);
  }

  Result Squeeze() {
    const OnnxNumbers& from = In(0);
    std::vector<size_t> ones;
    for (size_t axis = 0; axis < from.shape.rank(); ++axis) {
      if (from.shape[axis] == 1) ones.push_back(axis);
    }
    std::vector<int64_t> sizes;
    const std::vector<size_t> axes = OnnxAxes(call_, from.shape.rank(), ones);
    for (size_t axis = 0; axis < from.shape.rank(); ++axis) {
      if (std::ranges::count(axes, axis) == 0) sizes.push_back(from.shape[axis]);
    }
    return maker_.Under(from, sizes);
  }

  Result Unsqueeze() {
    const OnnxNumbers& from = In(0);
    const size_t more = (call_.Has(1) ? call_.KnownInts(1) : call_.node.Ints("axes")).size();
    const size_t rank = from.shape.rank() + more;
    const std::vector<size_t> axes = OnnxAxes(call_, rank, {});
    std::vector<int64_t> sizes;
    size_t next = 0;
    for (size_t axis = 0; axis < rank; ++axis) {
      sizes.push_back(std::ranges::count(axes, axis) != 0 ? 1 : from.shape[next++]);
    }
    return maker_.Under(from, sizes);
  }

  Result Expand() {
    if (call_.IsSizes(1)) return std::nullopt;
    const std::vector<int64_t> sizes = call_.KnownInts(1);
    if (sizes.size() > Shape::kMaxRank) call_.node.FailHere("has more than 8 axes");
    return maker_.Spread(In(0),
                         OnnxBroadcast({In(0).shape, Shape(std::span<const int64_t>(sizes))}));
  }

  Result ConstantOfShape() {
    if (call_.IsSizes(0)) return std::nullopt;
    const std::vector<int64_t> sizes = call_.KnownInts(0);
    if (sizes.size() > Shape::kMaxRank) call_.node.FailHere("has more than 8 axes");
    const auto attribute = call_.node.attributes.find("value");
    OnnxNumbers one{.shape = {1}, .floats = Tensor::Zeros(DType::kF32, {1})};
    if (attribute != call_.node.attributes.end() && attribute->second.tensor) {
      const std::optional<OnnxNumbers> given = OnnxNumbersOf(*attribute->second.tensor);
      if (!given || given->shape.elements() != 1) call_.node.FailHere("wants one number");
      one = maker_.Under(*given, {1});
    }
    return maker_.Picked(one, Shape(std::span<const int64_t>(sizes)), 0, {});
  }

  // -- Numbers computed

  Result Cast() {
    OnnxNumbers out = In(0);
    const bool floating = IsFloatingType(call_.node.Int("to", 1));
    if (out.whole) {
      out.is_fraction = floating;
      return out;
    }
    if (floating) return out;
    maker_.Take(out.shape, true);
    OnnxNumbers whole{.shape = out.shape, .whole = true};
    for (const float x : out.floats.floats()) {
      if (!(std::abs(x) < 0x1p62f)) call_.node.FailHere("makes a whole number of {}", x);
      whole.sizes.emplace_back(static_cast<int64_t>(x));
    }
    return whole;
  }

  Result Where() {
    const OnnxNumbers& which = In(0);
    if (!which.whole || !AllConstant(which.sizes) || In(1).whole != In(2).whole)
      return std::nullopt;
    const Shape shape = OnnxBroadcast({which.shape, In(1).shape, In(2).shape});
    const OnnxNumbers choice = maker_.Spread(which, shape);
    OnnxNumbers out = maker_.Spread(In(1), shape);
    maker_.Take(shape, out.whole);
    if (!out.whole) out.floats = out.floats.Clone();
    const OnnxNumbers other = maker_.Spread(In(2), shape);
    for (size_t i = 0; i < choice.sizes.size(); ++i) {
      if (choice.sizes[i].constant() != 0) continue;
      if (out.whole) {
        out.sizes[i] = other.sizes[i];
      } else {
        out.floats.floats()[i] = other.floats.floats()[i];
      }
    }
    return out;
  }

  Result Equal() {
    if (!In(0).whole || !In(1).whole) return std::nullopt;
    const Shape shape = OnnxBroadcast({In(0).shape, In(1).shape});
    const OnnxNumbers a = maker_.Spread(In(0), shape), b = maker_.Spread(In(1), shape);
    OnnxNumbers out{.shape = shape, .whole = true};
    maker_.Take(shape, true);
    for (size_t i = 0; i < a.sizes.size(); ++i) {
      const Dim &x = a.sizes[i], &y = b.sizes[i];
      // A size of a picture is no -1.
      const bool below =
          (x.IsConstant() && x.constant() < 1) || (y.IsConstant() && y.constant() < 1);
      if (!(x == y) && !(x.IsConstant() && y.IsConstant()) && !below) {
        call_.node.FailHere("compares sizes that are not known");
      }
      out.sizes.emplace_back(x == y ? 1 : 0);
    }
    return out;
  }

  // How often one size of the picture goes into another.
  static std::optional<int64_t> Times(const Dim& a, const Dim& b) {
    if (a.IsConstant() || b.IsConstant() || a.symbol() != b.symbol()) return std::nullopt;
    if (!a.IsExact() || !b.IsExact()) return std::nullopt;
    const Dim::Affine x = a.AsAffine(), y = b.AsAffine();
    const auto num = CheckedMul(x.num, y.den), den = CheckedMul(x.den, y.num);
    if (x.add != 0 || y.add != 0 || !num || !den || *den < 1 || *num % *den != 0) {
      return std::nullopt;
    }
    return *num / *den;
  }

  Dim Computed(const Dim& a, const Dim& b) const {
    const std::string_view op = call_.node.op;
    const bool known = b.IsConstant();
    if (op == "Add") {
      if (known || a.IsConstant()) return known ? a + b.constant() : b + a.constant();
    } else if (op == "Sub") {
      if (a == b) return 0;
      if (known && b.constant() != INT64_MIN) return a - b.constant();
    } else if (op == "Mul") {
      if (known || a.IsConstant()) return known ? a * b.constant() : b * a.constant();
    } else if (op == "Div") {
      if (const auto times = Times(a, b)) return *times;
      if (known && b.constant() > 0 && (!a.IsConstant() || a.constant() >= 0)) {
        return a.FloorDiv(b.constant());
      }
    }
    call_.node.FailHere("computes with {} and {}, which gan does not know", a.ToString(),
                        b.ToString());
  }

  // A size times a number with fractions: exact at some multiple of the size, or cut off by the
  // cast that follows.
  Dim Scaled(const Dim& size, float by) const {
    const bool divide = call_.node.op == "Div";
    const auto fraction = OnnxFraction(by);
    if (!fraction || (!divide && call_.node.op != "Mul")) {
      call_.node.FailHere("computes with {} and {}, which gan does not know", size.ToString(), by);
    }
    return divide ? size.Apply(fraction->second, 0, fraction->first)
                  : size.Apply(fraction->first, 0, fraction->second);
  }

  float Computed(float a, float b) const {
    const std::string_view op = call_.node.op;
    if (op == "Add") return a + b;
    if (op == "Sub") return a - b;
    if (op == "Mul") return a * b;
    return op == "Div" ? a / b : std::pow(a, b);
  }

  Result Arithmetic() {
    if (call_.size() != 2) return std::nullopt;
    const Shape shape = OnnxBroadcast({In(0).shape, In(1).shape});
    const OnnxNumbers a = maker_.Spread(In(0), shape), b = maker_.Spread(In(1), shape);
    const bool whole = a.whole || b.whole;
    maker_.Take(shape, whole);
    OnnxNumbers out{shape, whole, a.is_fraction || b.is_fraction, {}, {}};
    if (!whole) out.floats = Tensor(DType::kF32, shape);
    for (size_t i = 0; i < static_cast<size_t>(shape.elements()); ++i) {
      if (a.whole && b.whole) {
        out.sizes.push_back(Computed(a.sizes[i], b.sizes[i]));
      } else if (a.whole) {
        out.sizes.push_back(Scaled(a.sizes[i], b.floats.floats()[i]));
      } else if (b.whole) {
        if (call_.node.op != "Mul") call_.node.FailHere("divides by a size");
        out.sizes.push_back(Scaled(b.sizes[i], a.floats.floats()[i]));
      } else {
        out.floats.floats()[i] = Computed(a.floats.floats()[i], b.floats.floats()[i]);
      }
    }
    return out;
  }

  Result Function() {
    const std::string_view op = call_.node.op;
    OnnxNumbers out = In(0);
    if (out.whole) {
      // Sizes were cut off as they were multiplied.
      const bool exact =
          std::ranges::all_of(out.sizes, [](const Dim& dim) { return dim.IsExact(); });
      if (op == "Floor" || (op == "Ceil" && exact)) return out;
      call_.node.FailHere("computes with sizes, which gan does not know");
    }
    maker_.Take(out.shape, false);
    out.floats = out.floats.Clone();
    for (float& x : out.floats.floats()) {
      if (op == "Floor") x = std::floor(x);
      if (op == "Ceil") x = std::ceil(x);
      if (op == "Neg") x = -x;
      if (op == "Sqrt") x = std::sqrt(x);
      if (op == "Reciprocal") x = 1 / x;
      if (op == "Exp") x = std::exp(x);
    }
    return out;
  }

  // Of sizes, all of them.
  Result Product() {
    const OnnxNumbers& from = In(0);
    if (!from.whole || from.shape.rank() != 1 || call_.node.Int("keepdims", 1) > 1) {
      return std::nullopt;
    }
    Dim product = 1;
    for (const Dim& size : from.sizes) {
      if (!product.IsConstant() && !size.IsConstant()) {
        call_.node.FailHere("multiplies sizes that are not known");
      }
      product = product.IsConstant() ? size * product.constant() : product * size.constant();
    }
    OnnxNumbers out{.whole = true, .sizes = {product}};
    if (call_.node.Int("keepdims", 1) == 1) out.shape = Shape{1};
    return out;
  }

  OnnxCall& call_;
  OnnxNumberMaker maker_;
  std::vector<OnnxNumbers> in_;
};

std::optional<OnnxValue> FoldOnnx(OnnxCall& call, uint64_t& room) {
  return OnnxFolding(call, room).Fold();
}

}  // namespace gan::core
