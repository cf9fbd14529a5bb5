#include "runs/number_text.h"

#include <fmt/format.h>

namespace gan::core {

std::string ThousandsText(int64_t value) {
  std::string out = std::to_string(value);
  const int64_t digits = value < 0 ? 1 : 0;  // where they begin
  for (int64_t i = static_cast<int64_t>(out.size()) - 3; i > digits; i -= 3) {
    out.insert(static_cast<size_t>(i), 1, ',');
  }
  return out;
}

std::string PercentText(double share) {
  const double percent = 100 * share;
  // "100 %" only for what is all of it.
  if (percent < 100 && percent >= 99.5) return fmt::format("{:.2f} %", percent);
  return percent >= 10 || percent == 0 ? fmt::format("{:.0f} %", percent)
                                       : fmt::format("{:.2g} %", percent);
}

}  // namespace gan::core
