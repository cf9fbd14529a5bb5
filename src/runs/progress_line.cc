#include "runs/progress_line.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "runs/number_text.h"

namespace gan::core {
namespace {

std::string Short(const std::optional<double>& value) {
  return value ? fmt::format("{:.3g}", *value) : "-";
}

std::string Duration(double seconds) {
  const auto whole = static_cast<int64_t>(std::ceil(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

// Nothing before there is a speed; a year is not an estimate.
std::optional<double> SecondsLeft(const ProgressFigures& figures) {
  if (!(figures.images_per_second > 0) || figures.of <= figures.images) return std::nullopt;
  const double left = static_cast<double>(figures.of - figures.images) / figures.images_per_second;
  constexpr double kYear = 365 * 86400.0;
  return left < kYear ? std::optional(left) : std::nullopt;
}

}  // namespace

std::string ProgressLine(const ProgressFigures& figures) {
  std::string out =
      fmt::format("{} of {}  {} img/s", ThousandsText(figures.images), ThousandsText(figures.of),
                  ThousandsText(std::llround(std::clamp(figures.images_per_second, 0.0, 1e15))));
  const auto pair = [&](std::string_view text, std::string_view first,
                        const std::optional<double>& a, std::string_view second,
                        const std::optional<double>& b) {
    if (a || b) out += fmt::format("  {}{} {} {} {}", text, first, Short(a), second, Short(b));
  };
  pair("loss ", "G", figures.generator_loss, "D", figures.discriminator_loss);
  pair("", "D(real)", figures.real_score, "D(fake)", figures.fake_score);
  pair("grad ", "G", figures.generator_gradient, "D", figures.discriminator_gradient);
  out += fmt::format("  guard: {}", figures.guard);
  if (const auto left = SecondsLeft(figures)) out += fmt::format("  {} left", Duration(*left));
  return out;
}

}  // namespace gan::core
