// Values of options as text: the one place that says what "512M" or "on" means.
#ifndef GAN_API_OPTION_TEXT_H_
#define GAN_API_OPTION_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "gan/model.h"

namespace gan::core {

// All: Error kUsage "[--name] wants ..., got ...".

int64_t ParseInteger(std::string_view name, std::string_view text, int64_t least, int64_t most);
double ParseNumber(std::string_view name, std::string_view text, double least, double most);
bool ParseSwitch(std::string_view name, std::string_view text);  // "on", "off"

// Bytes: "4096", "512M", "1.5G" (K, M, G, T are powers of 1024; a "B" or "iB" may follow).
uint64_t ParseBytes(std::string_view name, std::string_view text);

// A number of at least 0, as far as int64_t reaches.
uint64_t ParseSeed(std::string_view name, std::string_view text);

// Numbers of at least 0 with commas between: "85,100,75".
std::vector<uint64_t> ParseSeeds(std::string_view name, std::string_view text);

// Both ends of "0-6", or "4" for both, each from 0 to 1,000,000, the first not after the last.
std::pair<int64_t, int64_t> ParseRange(std::string_view name, std::string_view text);

// What kLatentKinds lists, as --latent.
inline constexpr const char* kLatentKinds = "auto|z|w|w+";
LatentKind ParseLatentKind(std::string_view text);

// Pixels: "640x480", or "256" for a square.
struct PixelSize {
  int64_t width, height;
};
PixelSize ParsePixels(std::string_view name, std::string_view text);

// Index of `text` among `words`.
size_t ParseWord(std::string_view name, std::string_view text,
                 std::initializer_list<std::string_view> words);

}  // namespace gan::core

#endif  // GAN_API_OPTION_TEXT_H_
