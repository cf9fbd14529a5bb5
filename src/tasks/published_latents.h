// The random numbers that other programs draw from a seed, so that what they published can be made
// again.
#ifndef GAN_TASKS_PUBLISHED_LATENTS_H_
#define GAN_TASKS_PUBLISHED_LATENTS_H_

#include <cstdint>
#include <span>

namespace gan::core {

// What torch.manual_seed(seed); torch.randn(out.size()) gives on a CPU, as far as the logarithms
// and cosines of the two machines agree. Above 16 numbers the last few depend on how many there
// are.
void FillAsTorch(uint64_t seed, std::span<float> out);

// What numpy.random.RandomState(seed).randn(out.size()) gives, rounded to f32. Error kUsage for a
// seed beyond 32 bits, which NumPy does not take either.
void FillAsNumpy(uint64_t seed, std::span<float> out);

}  // namespace gan::core

#endif  // GAN_TASKS_PUBLISHED_LATENTS_H_
