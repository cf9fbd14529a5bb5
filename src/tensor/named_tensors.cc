#include "tensor/named_tensors.h"

#include "base/error.h"

namespace gan::core {

void NamedTensors::Add(std::string name, Tensor tensor) {
  if (!index_.emplace(name, entries_.size()).second) {
    Fail(ErrorCode::kBadData, "checkpoint", "holds two tensors named \"{}\"", Printable(name));
  }
  entries_.emplace_back(std::move(name), std::move(tensor));
}

const Tensor* NamedTensors::Find(std::string_view name) const {
  const auto found = index_.find(std::string(name));
  return found == index_.end() ? nullptr : &entries_[found->second].second;
}

const Tensor& NamedTensors::At(std::string_view name) const {
  const Tensor* tensor = Find(name);
  if (tensor == nullptr) {
    Fail(ErrorCode::kBadData, "checkpoint", "has no tensor \"{}\"", Printable(name));
  }
  return *tensor;
}

}  // namespace gan::core
