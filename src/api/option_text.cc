#include "api/option_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <system_error>

#include "base/error.h"

namespace gan::core {
namespace {

template <class Number>
std::optional<Number> Read(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string Where(std::string_view name) { return fmt::format("--{}", name); }

// The factor of a unit such as "M", "MB" or "MiB"; 0 for what is none.
double Factor(std::string_view unit) {
  if (unit.empty() || unit == "B") return 1;
  static constexpr std::string_view kUnits = "KMGT";
  const size_t at = kUnits.find(static_cast<char>(unit[0] & ~0x20));
  const std::string_view rest = unit.substr(1);
  if (at == std::string_view::npos || !(rest.empty() || rest == "B" || rest == "iB")) return 0;
  return std::ldexp(1.0, 10 * (static_cast<int>(at) + 1));
}

}  // namespace

int64_t ParseInteger(std::string_view name, std::string_view text, int64_t least, int64_t most) {
  const std::optional<int64_t> value = Read<int64_t>(text);
  if (!value || *value < least || *value > most) {
    Fail(ErrorCode::kUsage, Where(name), "wants a whole number from {} to {}, got \"{}\"", least,
         most, Printable(text));
  }
  return *value;
}

double ParseNumber(std::string_view name, std::string_view text, double least, double most) {
  const std::optional<double> value = Read<double>(text);
  if (!value || !(*value >= least && *value <= most)) {
    Fail(ErrorCode::kUsage, Where(name), "wants a number from {} to {}, got \"{}\"", least, most,
         Printable(text));
  }
  return *value;
}

bool ParseSwitch(std::string_view name, std::string_view text) {
  return ParseWord(name, text, {"off", "on"}) == 1;
}

uint64_t ParseBytes(std::string_view name, std::string_view text) {
  const size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
  const std::optional<double> value = Read<double>(text.substr(0, digits));
  const double bytes = value.value_or(0) * Factor(text.substr(digits));
  // 2^63: what signed sizes elsewhere still hold.
  if (!(bytes >= 1 && bytes < std::ldexp(1.0, 63))) {
    Fail(ErrorCode::kUsage, Where(name), "wants bytes, such as 512M or 2G, got \"{}\"",
         Printable(text));
  }
  return static_cast<uint64_t>(bytes);
}

uint64_t ParseSeed(std::string_view name, std::string_view text) {
  return static_cast<uint64_t>(ParseInteger(name, text, 0, std::numeric_limits<int64_t>::max()));
}

std::vector<uint64_t> ParseSeeds(std::string_view name, std::string_view text) {
  std::vector<uint64_t> seeds;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    const std::optional<uint64_t> seed = Read<uint64_t>(text.substr(begin, end - begin));
    if (!seed) {
      Fail(ErrorCode::kUsage, Where(name), "wants whole numbers such as 85,100,75, got \"{}\"",
           Printable(text));
    }
    seeds.push_back(*seed);
    begin = end + 1;
  }
  return seeds;
}

std::pair<int64_t, int64_t> ParseRange(std::string_view name, std::string_view text) {
  static constexpr int64_t kMost = 1'000'000;
  const size_t dash = text.find('-');
  const std::optional<int64_t> first = Read<int64_t>(text.substr(0, dash));
  const std::optional<int64_t> last =
      dash == std::string_view::npos ? first : Read<int64_t>(text.substr(dash + 1));
  if (!first || !last || *first < 0 || *last < *first || *last > kMost) {
    Fail(ErrorCode::kUsage, Where(name), "wants a range such as 0-6, or one number, got \"{}\"",
         Printable(text));
  }
  return {*first, *last};
}

LatentKind ParseLatentKind(std::string_view text) {
  static constexpr std::array kAll = {LatentKind::kAuto, LatentKind::kZ, LatentKind::kW,
                                      LatentKind::kWPlus};
  return kAll[ParseWord("latent", text, {"auto", "z", "w", "w+"})];
}

PixelSize ParsePixels(std::string_view name, std::string_view text) {
  static constexpr int64_t kMost = 1'000'000;
  const size_t cross = text.find('x');
  const std::optional<int64_t> width = Read<int64_t>(text.substr(0, cross));
  const std::optional<int64_t> height =
      cross == std::string_view::npos ? width : Read<int64_t>(text.substr(cross + 1));
  if (!width || !height || *width < 1 || *height < 1 || *width > kMost || *height > kMost) {
    Fail(ErrorCode::kUsage, Where(name), "wants pixels, such as 256 or 640x480, got \"{}\"",
         Printable(text));
  }
  return {*width, *height};
}

size_t ParseWord(std::string_view name, std::string_view text,
                 std::initializer_list<std::string_view> words) {
  std::string list;
  size_t index = 0;
  for (const std::string_view word : words) {
    if (word == text) return index;
    list += (index++ == 0 ? "" : ", ");
    list += word;
  }
  Fail(ErrorCode::kUsage, Where(name), "wants one of {}; got \"{}\"", list, Printable(text));
}

}  // namespace gan::core
