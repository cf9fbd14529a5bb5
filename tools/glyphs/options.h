// The command line of the glyph tools: "--name value" pairs.
#ifndef GAN_TOOLS_GLYPHS_OPTIONS_H_
#define GAN_TOOLS_GLYPHS_OPTIONS_H_

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace gan::core::glyphs {

// Not thread-safe.
class Options {
 public:
  // `known`: every option with what it is when left out ("" where it must be given).
  // Error kUsage for any other option, one without a value, or one that must be given and is not.
  Options(std::span<const char* const> arguments, std::map<std::string, std::string> known);

  const std::string& Text(const std::string& name) const;
  // Error kUsage when it is no whole number from `low` to `high`.
  int64_t Number(const std::string& name, int64_t low, int64_t high) const;

 private:
  std::map<std::string, std::string> values_;
};

}  // namespace gan::core::glyphs

#endif  // GAN_TOOLS_GLYPHS_OPTIONS_H_
