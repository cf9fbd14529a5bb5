#include "text.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace gan::cli {
namespace {

template <class... Values>
std::string Format(const char* format, Values... values) {
  std::array<char, 128> buffer{};
  std::snprintf(buffer.data(), buffer.size(), format, values...);
  return buffer.data();
}

// `value` in the largest unit that leaves at least 1, with three digits.
template <size_t N>
std::string InUnits(double value, double step, const std::array<const char*, N>& units) {
  size_t unit = 0;
  while (value >= step && unit + 1 < N) {
    value /= step;
    ++unit;
  }
  const int digits = unit == 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return Format("%.*f%s", digits, value, units[unit]);
}

}  // namespace

std::string Bytes(uint64_t bytes) {
  static constexpr std::array kUnits = {" B", " KB", " MB", " GB", " TB"};
  return InUnits(static_cast<double>(bytes), 1024, kUnits);
}

std::string Count(double count) {
  static constexpr std::array kUnits = {"", " thousand", " million", " billion", " trillion"};
  return InUnits(count, 1000, kUnits);
}

std::string Duration(double seconds) {
  if (seconds < 9.95) return Format("%.2f s", seconds);
  const auto whole = static_cast<long>(std::lround(seconds));
  if (whole < 60) return Format("%ld s", whole);
  if (whole < 3600) return Format("%ld:%02ld min", whole / 60, whole % 60);
  return Format("%ld:%02ld:%02ld h", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string Number(double value) { return Format("%.4g", value); }

std::string Shown(std::string_view name) {
  std::string shown(name);
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return shown;
}

std::string Joined(const std::vector<std::string>& words, std::string_view none) {
  std::string joined;
  for (const std::string& word : words) joined += (joined.empty() ? "" : ", ") + word;
  return joined.empty() ? std::string(none) : joined;
}

}  // namespace gan::cli
