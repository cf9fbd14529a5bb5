#include "runs/toml_text.h"

#include <cstdint>

#include "base/utf8.h"

namespace gan::core {
namespace {

constexpr uint32_t kFirst = 0x80;
constexpr uint32_t kLast = 0xFEFF;
constexpr uint32_t kShift = 0x100000;

uint32_t CodePoint(std::string_view sequence) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(sequence[i]); };
  const size_t length = sequence.size();
  if (length == 1) return byte(0);
  uint32_t out = byte(0) & (0x7Fu >> length);
  for (size_t i = 1; i < length; ++i) out = out << 6 | (byte(i) & 0x3Fu);
  return out;
}

// Every character through `change`. What is no UTF-8 stays as it is.
template <typename Change>
std::string Each(std::string_view text, Change change) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const size_t length = Utf8Length(text);
    if (length == 0) {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    AppendUtf8(change(CodePoint(text.substr(0, length))), out);
    text.remove_prefix(length);
  }
  return out;
}

}  // namespace

std::string TextForToml(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return Each(text, [](uint32_t point) {
    return point >= kFirst && point <= kLast ? point + kShift : point;
  });
}

std::string TextFromToml(std::string_view text) {
  return Each(text, [](uint32_t point) {
    return point >= kFirst + kShift && point <= kLast + kShift ? point - kShift : point;
  });
}

}  // namespace gan::core
