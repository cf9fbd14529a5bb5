#include "training/step_random.h"

#include <span>

#include "base/error.h"

namespace gan::core {
namespace {

// One round of SplitMix64 for each word, so that neighbouring steps share nothing.
uint64_t Mix(uint64_t state, uint64_t word) {
  uint64_t z = (state ^ word) + 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

std::span<float> FloatsOf(const at::Tensor& tensor) {
  return {tensor.data_ptr<float>(), static_cast<size_t>(tensor.numel())};
}

}  // namespace

StepRandom::StepRandom(uint64_t seed, Purpose purpose, uint64_t step, const BatchSlice& slice,
                       at::Device device)
    : seed_(Mix(Mix(Mix(0, seed), static_cast<uint64_t>(purpose)), step)),
      random_(seed_),
      slice_(slice),
      device_(device) {
  GAN_ASSERT(slice.first >= 0 && slice.count > 0 && slice.first + slice.count <= slice.global);
}

at::Tensor StepRandom::Keep(const at::Tensor& all) const {
  return all.narrow(0, slice_.first, slice_.count).to(device_);
}

at::Tensor StepRandom::Normal(int64_t columns) {
  const at::Tensor all = at::empty({slice_.global, columns});
  random_.FillNormal(FloatsOf(all));
  return Keep(all);
}

at::Tensor StepRandom::Uniform(int64_t columns) {
  const at::Tensor all = at::empty({slice_.global, columns});
  random_.FillUniform(FloatsOf(all), 0.0f, 1.0f);
  return Keep(all);
}

}  // namespace gan::core
