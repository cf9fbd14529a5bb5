// A size that may not be known yet.
#ifndef GAN_GRAPH_DIM_H_
#define GAN_GRAPH_DIM_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace gan::core {

// Values for symbols: {"N", 1}, {"H", 480}, {"W", 640}.
using Bindings = std::map<std::string, int64_t, std::less<>>;

// A constant, or a chain of floor((x * mul + add) / div) steps that starts at one symbol. Chains
// are kept in a normal form, so that equal chains compare equal: 2 * (H / 2) is H when H is
// declared a multiple of 2, and stays 2 * floor(H / 2) when it is not.
class Dim {
 public:
  Dim(int64_t constant = 0) : constant_(constant) {}  // NOLINT(google-explicit-constructor)
  // A size that is a multiple of `multiple` (at least 1) whenever the graph runs.
  static Dim Symbol(std::string name, int64_t multiple = 1);

  bool IsConstant() const { return symbol_.empty(); }
  int64_t constant() const { return constant_; }  // requires IsConstant()
  const std::string& symbol() const { return symbol_; }
  int64_t multiple() const { return multiple_; }

  Dim operator+(int64_t k) const { return Apply(1, k, 1); }
  Dim operator-(int64_t k) const { return Apply(1, -k, 1); }
  Dim operator*(int64_t k) const { return Apply(k, 0, 1); }
  Dim FloorDiv(int64_t k) const { return Apply(1, 0, k); }
  // floor((this * mul + add) / div). Error kBadData on overflow or div < 1.
  Dim Apply(int64_t mul, int64_t add, int64_t div) const;

  bool IsDivisibleBy(int64_t k) const;  // for every value of the symbol
  // True when floor division left a remainder behind somewhere: the size then is no exact
  // multiple-plus-offset of its symbol.
  bool IsExact() const;

  // Error kBadData when the symbol has no value, no multiple of its unit, or overflow.
  int64_t Eval(const Bindings& bindings) const;

  // For exact symbolic sizes: this = symbol * num / den + add. Requires IsExact().
  struct Affine {
    int64_t num, den, add;
  };
  Affine AsAffine() const;

  std::string ToString() const;
  bool operator==(const Dim&) const = default;

 private:
  struct Step {
    int64_t mul, add, div;
    bool operator==(const Step&) const = default;
  };

  int64_t constant_ = 0;
  std::string symbol_;
  int64_t multiple_ = 1;     // the chain starts at symbol / multiple
  std::vector<Step> steps_;  // empty for a constant
};

}  // namespace gan::core

#endif  // GAN_GRAPH_DIM_H_
