// Random numbers for random weights and tests: the same on every machine.
#ifndef GAN_BASE_RANDOM_H_
#define GAN_BASE_RANDOM_H_

#include <array>
#include <cstdint>
#include <span>

namespace gan::core {

// xoshiro256++ (Blackman & Vigna 2019), seeded through SplitMix64. Not thread-safe.
class Random {
 public:
  explicit Random(uint64_t seed);

  uint64_t Next();
  uint64_t Below(uint64_t bound);  // [0, bound), bound > 0, unbiased
  double Uniform();                // [0, 1)
  float Normal();                  // mean 0, variance 1 (Box-Muller)
  void FillNormal(std::span<float> out, float scale = 1.0f);
  void FillUniform(std::span<float> out, float low, float high);

 private:
  std::array<uint64_t, 4> state_;
};

}  // namespace gan::core

#endif  // GAN_BASE_RANDOM_H_
