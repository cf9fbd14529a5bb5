#include "tasks/published_latents.h"

#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <utility>

#include "base/error.h"

namespace gan::core {
namespace {

// Numbers that torch draws together: eight radii, then eight angles.
constexpr size_t kBlock = 16;

// Box-Muller on uniform numbers in place, in the precision in which torch does it.
void TransformBlock(std::span<float, kBlock> block) {
  for (size_t i = 0; i < kBlock / 2; ++i) {
    const float radius = std::sqrt(-2 * std::log(1 - block[i]));
    const auto angle = static_cast<float>(2 * std::numbers::pi * double{block[i + kBlock / 2]});
    block[i] = radius * std::cos(angle);
    block[i + kBlock / 2] = radius * std::sin(angle);
  }
}

float Uniform24(std::mt19937& engine) {
  return static_cast<float>(engine() & 0xFFFFFFu) * 0x1p-24f;
}

// The first word is the higher half; 53 bits of the two are kept.
double TorchUniform53(std::mt19937& engine) {
  const uint64_t high = engine();
  const uint64_t bits = (high << 32 | engine()) & ((uint64_t{1} << 53) - 1);
  return static_cast<double>(bits) * 0x1p-53;
}

// `draw` gives two numbers at a time, in f64. Of an odd count the last pair's second is dropped.
template <class Draw>
void FillInPairs(std::span<float> out, const Draw& draw) {
  for (size_t i = 0; i < out.size(); i += 2) {
    const auto [first, second] = draw();
    out[i] = static_cast<float>(first);
    if (i + 1 < out.size()) out[i + 1] = static_cast<float>(second);
  }
}

// Fewer than 16 numbers.
void FillFew(std::mt19937& engine, std::span<float> out) {
  FillInPairs(out, [&] {
    const double angle = 2 * std::numbers::pi * TorchUniform53(engine);
    const double radius = std::sqrt(-2 * std::log1p(-TorchUniform53(engine)));
    return std::pair(radius * std::cos(angle), radius * std::sin(angle));
  });
}

double NumpyUniform53(std::mt19937& engine) {
  const auto high = static_cast<double>(engine() >> 5);
  const auto low = static_cast<double>(engine() >> 6);
  return (high * 0x1p26 + low) * 0x1p-53;
}

}  // namespace

void FillAsTorch(uint64_t seed, std::span<float> out) {
  std::mt19937 engine(static_cast<uint32_t>(seed));
  if (out.size() < kBlock) return FillFew(engine, out);
  for (float& number : out) number = Uniform24(engine);
  for (size_t at = 0; at + kBlock <= out.size(); at += kBlock) {
    TransformBlock(std::span<float, kBlock>(out.data() + at, kBlock));
  }
  if (out.size() % kBlock == 0) return;
  // The last 16 are drawn anew, over what is there.
  const std::span<float, kBlock> last(out.data() + out.size() - kBlock, kBlock);
  for (float& number : last) number = Uniform24(engine);
  TransformBlock(last);
}

void FillAsNumpy(uint64_t seed, std::span<float> out) {
  if (seed > std::numeric_limits<uint32_t>::max()) {
    Fail(ErrorCode::kUsage, "seed", "wants at most 4294967295 with NumPy's numbers, got {}", seed);
  }
  std::mt19937 engine(static_cast<uint32_t>(seed));
  FillInPairs(out, [&] {
    // Marsaglia's polar method: a point in the unit circle, its centre left out.
    double x = 0, y = 0, square = 0;
    do {
      x = 2 * NumpyUniform53(engine) - 1;
      y = 2 * NumpyUniform53(engine) - 1;
      square = x * x + y * y;
    } while (square >= 1 || square == 0);
    const double factor = std::sqrt(-2 * std::log(square) / square);
    return std::pair(factor * y, factor * x);
  });
}

}  // namespace gan::core
