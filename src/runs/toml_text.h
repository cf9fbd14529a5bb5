// The text of a TOML file as its parser can be trusted with it.
#ifndef GAN_RUNS_TOML_TEXT_H_
#define GAN_RUNS_TOML_TEXT_H_

#include <string>
#include <string_view>

namespace gan::core {

// toml++ 3 looks the characters U+00A0 to U+FEFF up in tables whose gaps it takes for unreachable,
// so that a letter of another alphabet in the wrong place is undefined behaviour. Above them it
// looks nothing up. So the parser is given these characters in the private plane 16, one for one:
// lines and columns stay. `text` must be valid UTF-8; a byte order mark at its start is left out.
//
// A file that writes a character of plane 16 itself gets the one below it.
std::string TextForToml(std::string_view text);

// The characters as they were, in a value, a key or a message from the parser.
std::string TextFromToml(std::string_view text);

}  // namespace gan::core

#endif  // GAN_RUNS_TOML_TEXT_H_
