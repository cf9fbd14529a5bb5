// Numbers and names as people read them.
#ifndef GAN_APPS_GAN_TEXT_H_
#define GAN_APPS_GAN_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gan::cli {

std::string Bytes(uint64_t bytes);     // "512 B", "34.5 MB", "1.2 GB" (powers of 1024)
std::string Count(double count);       // "950", "16.7 million", "2.35 trillion"
std::string Duration(double seconds);  // "0.34 s", "12 s", "3:05 min", "2:10:00 h"
std::string Number(double value);      // up to 4 significant digits, no trailing zeros

// A name from outside, fit for a terminal: control characters become "?".
std::string Shown(std::string_view name);

// The parts one after another.
template <class... Parts>
std::string Cat(const Parts&... parts) {
  std::string all;
  (all.append(parts), ...);
  return all;
}

// "a, b, c"; `none` when there are none.
std::string Joined(const std::vector<std::string>& words, std::string_view none);

}  // namespace gan::cli

#endif  // GAN_APPS_GAN_TEXT_H_
