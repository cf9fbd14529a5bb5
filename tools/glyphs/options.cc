#include "tools/glyphs/options.h"

#include <charconv>
#include <utility>

#include "base/error.h"

namespace gan::core::glyphs {

Options::Options(std::span<const char* const> arguments, std::map<std::string, std::string> known)
    : values_(std::move(known)) {
  for (size_t i = 0; i < arguments.size(); i += 2) {
    const auto option = values_.find(arguments[i]);
    if (option == values_.end()) {
      std::string names;
      for (const auto& [name, value] : values_) names += " " + name;
      Fail(ErrorCode::kUsage, "options", "knows{}, got \"{}\"", names, Printable(arguments[i]));
    }
    if (i + 1 == arguments.size()) Fail(ErrorCode::kUsage, option->first, "wants a value");
    option->second = arguments[i + 1];
  }
  for (const auto& [name, value] : values_) {
    if (value.empty()) Fail(ErrorCode::kUsage, name, "must be given");
  }
}

const std::string& Options::Text(const std::string& name) const { return values_.at(name); }

int64_t Options::Number(const std::string& name, int64_t low, int64_t high) const {
  const std::string& text = Text(name);
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < low || number > high) {
    Fail(ErrorCode::kUsage, name, "wants a number from {} to {}, got \"{}\"", low, high,
         Printable(text));
  }
  return number;
}

}  // namespace gan::core::glyphs
