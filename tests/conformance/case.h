// What the conformance suite runs: one table of cases an op, in cases/<op>.cc.
#ifndef GAN_TESTS_CONFORMANCE_CASE_H_
#define GAN_TESTS_CONFORMANCE_CASE_H_

#include <string_view>
#include <vector>

#include "base/random.h"
#include "graph/op.h"
#include "tests/conformance/problem.h"

namespace gan::core::conformance {

// Ops that only move numbers, or choose among them.
inline constexpr float kExact = 0;
// Ops that add up, on numbers of size 1: a sum of K products of 32-bit floats is off by about
// 6e-8 sqrt(K) when roundings fall at random, so 3e-6 for the longest sums here (K = 2,000); the
// rest is room for transcendental functions, that are a few units in the last place apart.
inline constexpr float kRounding = 1e-5f;

using CaseList = std::vector<Case>;

template <class Type>
struct Of {};

// CasesOf(Of<Conv2d>()) and so on: an op without cases does not link.
#define GAN_OP(Type, file) CaseList CasesOf(Of<Type>);
#include "graph/ops/ops.def"
#undef GAN_OP

struct OpCases {
  std::string_view op;
  CaseList cases;
};
std::vector<OpCases> AllCases();

// Draws attributes and sizes. Deterministic.
class Draw {
 public:
  explicit Draw(uint64_t seed) : random_(seed) {}

  int64_t Between(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(random_.Below(static_cast<uint64_t>(high - low + 1)));
  }
  bool Chance() { return random_.Below(2) == 0; }
  Size2d Size(int64_t low, int64_t high) { return {Between(low, high), Between(low, high)}; }
  Padding2d Padding(int64_t most_h, int64_t most_w) {
    return {Between(0, most_h), Between(0, most_w), Between(0, most_h), Between(0, most_w)};
  }

 private:
  Random random_;
};

}  // namespace gan::core::conformance

#endif  // GAN_TESTS_CONFORMANCE_CASE_H_
