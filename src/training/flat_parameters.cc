#include "training/flat_parameters.h"

#include <cstring>
#include <span>

#include "base/error.h"

namespace gan::core {
namespace {

// Floats in a cache line: each tensor starts on one, as oneDNN likes it.
constexpr int64_t kAlignment = 16;

}  // namespace

FlatParameters::FlatParameters(const NamedTensors& initial, at::Device device) {
  int64_t size = 0;
  for (const auto& [name, tensor] : initial) {
    const std::span<const int64_t> sizes = tensor.shape().sizes();
    names_.push_back(name);
    places_.push_back({size, {sizes.begin(), sizes.end()}, tensor.shape().elements()});
    size += (places_.back().count + kAlignment - 1) / kAlignment * kAlignment;
  }
  values_ = at::zeros({size}, at::TensorOptions().device(device).dtype(at::kFloat));
  for (size_t i = 0; i < places_.size(); ++i) {
    PartOf(values_, i).copy_(ToAten(initial.At(names_[i]), device));
    leaves_.push_back(PartOf(values_, i).detach());
  }
}

void FlatParameters::RequireGradients(bool required) {
  for (const at::Tensor& leaf : leaves_) leaf.set_requires_grad(required);
}

void FlatParameters::Gather(const std::vector<at::Tensor>& gradients,
                            const at::Tensor& block) const {
  GAN_ASSERT(gradients.size() == leaves_.size());
  for (size_t i = 0; i < gradients.size(); ++i) {
    at::Tensor part = PartOf(block, i);
    if (gradients[i].defined()) {
      part.copy_(gradients[i]);
    } else {
      part.zero_();
    }
  }
}

at::Tensor FlatParameters::PartOf(const at::Tensor& block, size_t i) const {
  const Place& place = places_[i];
  return block.narrow(0, place.offset, place.count).view(place.sizes);
}

Tensor ToTensor(const at::Tensor& tensor) {
  const at::Tensor flat = tensor.detach().to(at::kCPU, at::kFloat).contiguous();
  Tensor out(DType::kF32, Shape(std::span(flat.sizes().data(), flat.sizes().size())));
  std::memcpy(out.raw().data(), flat.data_ptr<float>(), out.bytes());
  return out;
}

at::Tensor ToAten(const Tensor& tensor, at::Device device) {
  Tensor floats = tensor.ToFloat();
  const std::span<const int64_t> sizes = floats.shape().sizes();
  return at::from_blob(floats.raw().data(), at::IntArrayRef(sizes.data(), sizes.size()), at::kFloat)
      .to(device, at::kFloat, /*non_blocking=*/false, /*copy=*/true);
}

}  // namespace gan::core
