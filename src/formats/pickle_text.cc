#include "formats/pickle_text.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "base/utf8.h"

namespace gan::core {
namespace {

// The number that exactly `digits` hexadecimal digits at the start of `text` make.
std::optional<uint32_t> Hexadecimal(std::string_view text, size_t digits) {
  if (text.size() < digits) return std::nullopt;
  uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, value, 16);
  if (error != std::errc{} || end != text.data() + digits) return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::string> DecodePythonString(std::string_view literal) {
  constexpr std::string_view kEscapes = "\\'\"nrt";
  constexpr std::string_view kMeanings = "\\'\"\n\r\t";
  if (literal.size() < 2 || literal.front() != literal.back() ||
      (literal.front() != '\'' && literal.front() != '"')) {
    return std::nullopt;
  }
  std::string_view text = literal.substr(1, literal.size() - 2);
  std::string out;
  while (!text.empty()) {
    if (text[0] != '\\') {
      out += text[0];
      text.remove_prefix(1);
      continue;
    }
    if (text.size() < 2) return std::nullopt;
    const char escape = text[1];
    text.remove_prefix(2);
    if (escape == 'x') {
      const auto byte = Hexadecimal(text, 2);
      if (!byte) return std::nullopt;
      out += static_cast<char>(*byte);
      text.remove_prefix(2);
    } else {
      const size_t known = kEscapes.find(escape);
      if (known == std::string_view::npos) return std::nullopt;
      out += kMeanings[known];
    }
  }
  return out;
}

std::optional<std::string> DecodeRawUnicode(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const size_t digits = text.starts_with("\\u") ? 4 : text.starts_with("\\U") ? 8 : 0;
    if (digits == 0) {
      AppendUtf8(static_cast<unsigned char>(text[0]), out);
      text.remove_prefix(1);
      continue;
    }
    const auto code = Hexadecimal(text.substr(2), digits);
    if (!code || *code > 0x10FFFF) return std::nullopt;
    AppendUtf8(*code, out);
    text.remove_prefix(2 + digits);
  }
  return out;
}

bool IsDecimal(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace gan::core
