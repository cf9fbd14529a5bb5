#include "tensor/module_facts.h"

#include <charconv>

namespace gan::core {

std::string_view ModuleFacts::Text(std::string_view attribute) const {
  const auto found = attributes.find(attribute);
  return found == attributes.end() ? std::string_view() : std::string_view(found->second);
}

std::optional<double> ModuleFacts::Number(std::string_view attribute) const {
  std::string_view text = Text(attribute);
  text = text.substr(0, text.find(','));
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace gan::core
