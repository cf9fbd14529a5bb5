// Recognising valid UTF-8 in text from outside, and writing it.
#ifndef GAN_BASE_UTF8_H_
#define GAN_BASE_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gan::core {

// Bytes of the valid UTF-8 sequence at the start of `text`, which is not empty; 0 if there is none.
// Overlong forms, surrogates and code points past U+10FFFF are not valid.
size_t Utf8Length(std::string_view text);

bool IsUtf8(std::string_view text);

// `code` is at most 0x10FFFF. A surrogate is written as it stands, which no reader takes for valid.
void AppendUtf8(uint32_t code, std::string& out);

}  // namespace gan::core

#endif  // GAN_BASE_UTF8_H_
