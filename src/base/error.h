// Throwing gan::Error with a formatted line, and assertions for our own mistakes.
#ifndef GAN_BASE_ERROR_H_
#define GAN_BASE_ERROR_H_

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

#include "gan/error.h"

namespace gan::core {

// Throws Error(code, "[where] text"). `where` names the part of the program or the file.
[[noreturn]] void Fail(ErrorCode code, std::string_view where, std::string_view text);

template <class First, class... Rest>
[[noreturn]] void Fail(ErrorCode code, std::string_view where,
                       fmt::format_string<First, Rest...> text, First&& first, Rest&&... rest) {
  Fail(
      code, where,
      std::string_view(fmt::format(text, std::forward<First>(first), std::forward<Rest>(rest)...)));
}

// Text from outside, made fit for one line of a message: control characters and invalid UTF-8
// become "\xNN", and more than `limit` bytes are cut with "...".
std::string Printable(std::string_view text, size_t limit = 120);

[[noreturn]] void AssertionFailed(const char* condition, const char* file, int line);

}  // namespace gan::core

// For our own mistakes only; never reachable from input. Throws Error(kInternal).
#define GAN_ASSERT(condition) \
  ((condition) ? void(0) : ::gan::core::AssertionFailed(#condition, __FILE__, __LINE__))

#endif  // GAN_BASE_ERROR_H_
