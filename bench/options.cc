#include "bench/options.h"

#include <charconv>
#include <string_view>

#include "base/error.h"

namespace gan::core::bench {
namespace {

int NumberFrom(std::string_view option, std::string_view text, int low) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < low) {
    Fail(ErrorCode::kUsage, option, "wants a number from {} up, got \"{}\"", low, Printable(text));
  }
  return number;
}

}  // namespace

Options ParseOptions(std::span<const char* const> arguments) {
  Options options;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view name = arguments[i];
    const auto value = [&]() -> std::string_view {
      if (++i == arguments.size()) Fail(ErrorCode::kUsage, name, "wants a value");
      return arguments[i];
    };
    if (name == "networks" || name == "kernels") {
      options.what = name;
    } else if (name == "--full") {
      options.full = true;
    } else if (name == "--processor-time") {
      options.clock = Clock::kProcessor;
    } else if (name == "--only") {
      options.only = value();
    } else if (name == "--cpu-target") {
      options.cpu_target = value();
    } else if (name == "--json") {
      options.json = value();
    } else if (name == "--rounds") {
      options.rounds = NumberFrom(name, value(), 1);
    } else if (name == "--threads") {
      options.threads = NumberFrom(name, value(), 0);
    } else {
      Fail(ErrorCode::kUsage, "gan_benchmark", "does not know \"{}\"", Printable(name));
    }
  }
  if (options.clock == Clock::kProcessor && options.threads != 1) {
    // Threads that wait for each other count too, and as much as those that work.
    Fail(ErrorCode::kUsage, "--processor-time", "wants --threads 1");
  }
  return options;
}

}  // namespace gan::core::bench
