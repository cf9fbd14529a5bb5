#include "base/error.h"

#include "base/utf8.h"

namespace gan::core {

void Fail(ErrorCode code, std::string_view where, std::string_view text) {
  throw Error(code, fmt::format("[{}] {}", where, text));
}

std::string Printable(std::string_view text, size_t limit) {
  std::string out;
  while (!text.empty()) {
    if (out.size() >= limit) return out + "...";
    const size_t length = Utf8Length(text);
    const unsigned char lead = static_cast<unsigned char>(text[0]);
    if (length == 0 || lead < 0x20 || lead == 0x7F) {
      out += fmt::format("\\x{:02x}", lead);
      text.remove_prefix(1);
    } else {
      out += text.substr(0, length);
      text.remove_prefix(length);
    }
  }
  return out;
}

void AssertionFailed(const char* condition, const char* file, int line) {
  throw Error(ErrorCode::kInternal,
              fmt::format("[internal] {} does not hold at {}:{}; this is a bug in gan.cpp",
                          condition, file, line));
}

}  // namespace gan::core
