#include "graph/dim.h"

#include <numeric>
#include <utility>

#include "base/checked.h"
#include "base/error.h"

namespace gan::core {
namespace {

[[noreturn]] void Overflow() {
  Fail(ErrorCode::kBadData, "shape", "a size is too large to compute with");
}

int64_t Mul(int64_t a, int64_t b) {
  const auto out = CheckedMul(a, b);
  if (!out) Overflow();
  return *out;
}

int64_t Add(int64_t a, int64_t b) {
  const auto out = CheckedAdd(a, b);
  if (!out) Overflow();
  return *out;
}

int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

}  // namespace

Dim Dim::Symbol(std::string name, int64_t multiple) {
  GAN_ASSERT(!name.empty() && multiple >= 1);
  Dim dim;
  dim.symbol_ = std::move(name);
  dim.multiple_ = multiple;
  dim.steps_.push_back({multiple, 0, 1});
  return dim;
}

Dim Dim::Apply(int64_t mul, int64_t add, int64_t div) const {
  if (div < 1) Fail(ErrorCode::kBadData, "shape", "a size cannot be divided by {}", div);
  if (IsConstant()) return Dim(FloorDivide(Add(Mul(constant_, mul), add), div));
  Dim out = *this;
  Step& last = out.steps_.back();
  if (last.div == 1) {
    last = {Mul(last.mul, mul), Add(Mul(last.add, mul), add), div};
  } else if (mul == 1) {
    // floor((floor(x / d) + a) / e) = floor((x + a d) / (d e))
    last = {last.mul, Add(last.add, Mul(add, last.div)), Mul(last.div, div)};
  } else {
    out.steps_.push_back({mul, add, div});
  }
  Step& step = out.steps_.back();
  // With g = gcd(m, d): floor((m x + a) / d) = floor(((m/g) x + floor(a/g)) / (d/g)).
  const int64_t g = std::gcd(step.mul, step.div);
  if (g > 1) step = {step.mul / g, FloorDivide(step.add, g), step.div / g};
  return out;
}

bool Dim::IsExact() const {
  if (IsConstant()) return true;
  return steps_.size() == 1 && steps_[0].div == 1;
}

bool Dim::IsDivisibleBy(int64_t k) const {
  if (IsConstant()) return constant_ % k == 0;
  const Step& last = steps_.back();
  return last.div == 1 && last.mul % k == 0 && last.add % k == 0;
}

int64_t Dim::Eval(const Bindings& bindings) const {
  if (IsConstant()) return constant_;
  const auto found = bindings.find(symbol_);
  if (found == bindings.end()) Fail(ErrorCode::kBadData, "shape", "{} has no value", symbol_);
  if (found->second < 0 || found->second % multiple_ != 0) {
    Fail(ErrorCode::kBadData, "shape", "{} must be a multiple of {}, got {}", symbol_, multiple_,
         found->second);
  }
  int64_t x = found->second / multiple_;
  for (const Step& step : steps_) x = FloorDivide(Add(Mul(x, step.mul), step.add), step.div);
  return x;
}

Dim::Affine Dim::AsAffine() const {
  GAN_ASSERT(IsExact());
  if (IsConstant()) return {0, 1, constant_};
  const int64_t g = std::gcd(steps_[0].mul, multiple_);
  return {steps_[0].mul / g, multiple_ / g, steps_[0].add};
}

std::string Dim::ToString() const {
  if (IsConstant()) return fmt::format("{}", constant_);
  const auto plus = [](int64_t add) { return add == 0 ? std::string() : fmt::format("{:+}", add); };
  std::string text = symbol_;
  int64_t unit = multiple_;
  for (size_t i = 0; i < steps_.size(); ++i) {
    const Step& step = steps_[i];
    const int64_t g = std::gcd(step.mul, unit);
    const int64_t mul = step.mul / g;
    const int64_t under = unit / g;
    if (mul != 1) text = fmt::format("{}*{}", mul, text);
    if (under != 1) text = fmt::format("{}/{}", text, under);
    text += plus(step.add);
    if (step.div != 1) text = fmt::format("floor(({})/{})", text, step.div);
    unit = 1;
  }
  return text;
}

}  // namespace gan::core
