// The random numbers that generators make pictures of.
#ifndef GAN_TASKS_LATENTS_H_
#define GAN_TASKS_LATENTS_H_

#include <cstdint>
#include <optional>
#include <span>

#include "tensor/tensor.h"

namespace gan::core {

// Whose random numbers a seed gives.
enum class LatentSource : uint8_t {
  kOwn,    // picture i's are a function of (seed, i) alone
  kTorch,  // torch.manual_seed(seed); torch.randn(count, size)
  kNumpy,  // numpy.random.RandomState(seed).randn(count, size)
};

// Gives picture i its numbers; neither batches nor threads change them, nor, but for kTorch and
// kNumpy, does the number of pictures.
class Latents {
 public:
  // N(0, 1). With `truncation`, numbers beyond it on either side are drawn again: less variety,
  // more of the usual. (Brock et al. 2019, "Large scale GAN training", the truncation trick)
  // Requires truncation of at least 0.01.
  Latents(int64_t size, uint64_t seed, std::optional<double> truncation = std::nullopt);
  // Others' numbers. They are drawn all at once, by Draw().
  Latents(int64_t size, uint64_t seed, LatentSource source);
  // Given ones: `rows` [n, size] f32.
  explicit Latents(Tensor rows);

  int64_t size() const { return size_; }
  // How many pictures there are numbers for; nothing: any number.
  std::optional<int64_t> count() const;

  // Draws for this many pictures; before Fill(), where the source is another's. Error kUsage: more
  // than 2^28 numbers, or a seed that the source does not take.
  void Draw(int64_t count);

  // Requires out.size() == size(), and index below count() or what was drawn.
  void Fill(int64_t index, std::span<float> out) const;

 private:
  int64_t size_;
  uint64_t seed_ = 0;
  std::optional<double> truncation_;
  LatentSource source_ = LatentSource::kOwn;
  std::optional<Tensor> rows_;
};

// A whole number below `bound` for picture i: independent of its latent.
int64_t DrawBelow(uint64_t seed, int64_t index, int64_t bound);

enum class Interpolation : uint8_t {
  kLinear,     // straight: in between, pictures are closer to the average one
  kSpherical,  // along the sphere, so that numbers stay as usual (White 2016, "Sampling generative
               // networks")
};

// out = the point a share t (0 to 1) of the way from a to b.
void Interpolate(Interpolation kind, std::span<const float> a, std::span<const float> b, double t,
                 std::span<float> out);

}  // namespace gan::core

#endif  // GAN_TASKS_LATENTS_H_
