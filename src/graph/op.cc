#include "graph/op.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace gan::core {
namespace {

struct AttributePrinter {
  std::string text;

  void operator()(std::string_view name, std::string_view value) { Append(name, value); }
  void operator()(std::string_view name, int64_t value) { Append(name, fmt::to_string(value)); }
  void operator()(std::string_view name, float value) { Append(name, fmt::to_string(value)); }
  void operator()(std::string_view name, const Size2d& v) {
    Append(name, fmt::format("{}x{}", v.h, v.w));
  }
  void operator()(std::string_view name, const Padding2d& v) {
    Append(name, fmt::format("{},{},{},{}", v.top, v.left, v.bottom, v.right));
  }
  void operator()(std::string_view name, const std::vector<int64_t>& v) {
    Append(name, fmt::format("{}", fmt::join(v, "x")));
  }

 private:
  void Append(std::string_view name, std::string_view value) {
    text += fmt::format("{}{}={}", text.empty() ? "" : ", ", name, value);
  }
};

}  // namespace

std::string_view NameOf(const Op& op) {
  return std::visit([](const auto& typed) { return typed.kName; }, op);
}

std::string AttributesOf(const Op& op) {
  AttributePrinter printer;
  std::visit([&](const auto& typed) { typed.VisitAttributes(printer); }, op);
  return printer.text.empty() ? "" : "{" + printer.text + "}";
}

}  // namespace gan::core
