#include "training/paired_trials.h"

#include <array>
#include <cmath>
#include <vector>

#include "base/error.h"

namespace gan::core {
namespace {

// 97.5 % quantile of Student's t, by degrees of freedom from 1.
double StudentQuantile(size_t freedom) {
  constexpr std::array kTable = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365,
                                 2.306,  2.262, 2.228, 2.201, 2.179, 2.160, 2.145,
                                 2.131,  2.120, 2.110, 2.101, 2.093, 2.086};
  if (freedom <= kTable.size()) return kTable[freedom - 1];
  // The first terms of its expansion around the normal's, right to three digits from here on.
  constexpr double kNormal = 1.95996;
  return kNormal + (kNormal * kNormal * kNormal + kNormal) / (4 * static_cast<double>(freedom));
}

}  // namespace

Spread SpreadOf(std::span<const double> values) {
  GAN_ASSERT(!values.empty());
  const auto count = static_cast<double>(values.size());
  Spread spread;
  for (const double value : values) spread.mean += value / count;
  if (values.size() == 1) return spread;
  double squares = 0;
  for (const double value : values) squares += (value - spread.mean) * (value - spread.mean);
  spread.deviation = std::sqrt(squares / (count - 1));
  return spread;
}

Comparison Compare(std::span<const double> before, std::span<const double> after) {
  GAN_ASSERT(before.size() == after.size());
  std::vector<double> gains;
  for (size_t i = 0; i < before.size(); ++i) gains.push_back(after[i] - before[i]);
  Comparison out{SpreadOf(before), SpreadOf(after), SpreadOf(gains)};
  if (gains.size() == 1) return out;
  out.margin = StudentQuantile(gains.size() - 1) * out.gain.deviation /
               std::sqrt(static_cast<double>(gains.size()));
  out.clear = std::abs(out.gain.mean) > out.margin;
  return out;
}

}  // namespace gan::core
