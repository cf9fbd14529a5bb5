// The random numbers that generators make pictures of.
#ifndef GAN_TASKS_LATENTS_H_
#define GAN_TASKS_LATENTS_H_

#include <cstdint>
#include <optional>
#include <span>

#include "tensor/tensor.h"

namespace gan::core {

// Gives picture i its numbers: a function of (seed, i) alone, so that neither batches nor threads
// nor the number of pictures change a picture.
class Latents {
 public:
  // N(0, 1). With `truncation`, numbers beyond it on either side are drawn again: less variety,
  // more of the usual. (Brock et al. 2019, "Large scale GAN training", the truncation trick)
  // Requires truncation of at least 0.01.
  Latents(int64_t size, uint64_t seed, std::optional<double> truncation = std::nullopt);
  // Given ones: `rows` [n, size] f32.
  explicit Latents(Tensor rows);

  int64_t size() const { return size_; }
  // How many pictures there are numbers for; nothing: any number.
  std::optional<int64_t> count() const;

  // Requires out.size() == size(), and index below count().
  void Fill(int64_t index, std::span<float> out) const;

 private:
  int64_t size_;
  uint64_t seed_ = 0;
  std::optional<double> truncation_;
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
