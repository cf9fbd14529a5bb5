// The text forms of pickle protocols 0 and 1.
#ifndef GAN_FORMATS_PICKLE_TEXT_H_
#define GAN_FORMATS_PICKLE_TEXT_H_

#include <optional>
#include <string>
#include <string_view>

namespace gan::core {

// A Python 2 string literal with its quotes, 'it\'s\x00', as its bytes; nothing when malformed.
std::optional<std::string> DecodePythonString(std::string_view literal);

// Python's raw-unicode-escape as UTF-8: \uXXXX and \UXXXXXXXX, everything else is Latin-1. Lone
// surrogates give invalid UTF-8. Nothing when an escape is cut short or past U+10FFFF.
std::optional<std::string> DecodeRawUnicode(std::string_view text);

bool IsDecimal(std::string_view text);  // -?[0-9]+

}  // namespace gan::core

#endif  // GAN_FORMATS_PICKLE_TEXT_H_
