// Tensors by name, in the order of their file.
#ifndef GAN_TENSOR_NAMED_TENSORS_H_
#define GAN_TENSOR_NAMED_TENSORS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "tensor/tensor.h"

namespace gan::core {

// What a checkpoint holds once its format is forgotten. Names are unique.
class NamedTensors {
 public:
  using Entry = std::pair<std::string, Tensor>;

  // Error kBadData when the name is taken.
  void Add(std::string name, Tensor tensor);

  const Tensor* Find(std::string_view name) const;  // nullptr when absent
  const Tensor& At(std::string_view name) const;    // Error kBadData when absent
  bool Contains(std::string_view name) const { return Find(name) != nullptr; }

  size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  std::vector<Entry>::const_iterator begin() const { return entries_.begin(); }
  std::vector<Entry>::const_iterator end() const { return entries_.end(); }

 private:
  std::vector<Entry> entries_;
  std::unordered_map<std::string, size_t> index_;
};

}  // namespace gan::core

#endif  // GAN_TENSOR_NAMED_TENSORS_H_
