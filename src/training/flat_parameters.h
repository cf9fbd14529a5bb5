// The trained parameters of a network in one block of memory.
#ifndef GAN_TRAINING_FLAT_PARAMETERS_H_
#define GAN_TRAINING_FLAT_PARAMETERS_H_

#include <ATen/ATen.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tensor/named_tensors.h"

namespace gan::core {

// The leaves that autograd sees are views into the block, so that an optimiser, an average, a norm
// and a reduction over processes are one call each instead of one for every layer.
// Not thread-safe.
class FlatParameters {
 public:
  FlatParameters() = default;
  // Copies the tensors, f32, to `device`, in their order.
  FlatParameters(const NamedTensors& initial, at::Device device);

  const std::vector<std::string>& names() const { return names_; }
  // Each requires gradients or not as RequireGradients() says.
  const std::vector<at::Tensor>& leaves() const { return leaves_; }
  void RequireGradients(bool required);

  // [size] f32, without gradients; holes between tensors, which keep each one aligned, are 0.
  const at::Tensor& values() const { return values_; }
  // A block of zeros laid out like values().
  at::Tensor NewBlock() const { return at::zeros_like(values_); }
  // Copies gradients, in the order of leaves(), into such a block. Undefined ones count as 0.
  void Gather(const std::vector<at::Tensor>& gradients, const at::Tensor& block) const;

  // A block's part that belongs to leaf i, in its shape.
  at::Tensor PartOf(const at::Tensor& block, size_t i) const;

 private:
  struct Place {
    int64_t offset;
    std::vector<int64_t> sizes;
    int64_t count;
  };
  std::vector<std::string> names_;
  std::vector<Place> places_;
  at::Tensor values_;
  std::vector<at::Tensor> leaves_;
};

// An ATen tensor as one of ours, f32 or as it is, in memory of its own.
Tensor ToTensor(const at::Tensor& tensor);
// And back: a copy, f32, on `device`.
at::Tensor ToAten(const Tensor& tensor, at::Device device);

}  // namespace gan::core

#endif  // GAN_TRAINING_FLAT_PARAMETERS_H_
