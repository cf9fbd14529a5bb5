#include "formats/tensor_names.h"

#include <utility>

#include "base/error.h"
#include "base/utf8.h"

namespace gan::core {

void CheckTensorName(std::string_view where, std::string_view name, const Limits& limits) {
  if (name.empty()) Fail(ErrorCode::kBadData, where, "holds a tensor without a name");
  if (name.size() > limits.name_bytes) {
    Fail(ErrorCode::kBadData, where,
         "holds a tensor whose name \"{}\" has {} bytes, not at most {}", Printable(name, 40),
         name.size(), limits.name_bytes);
  }
  if (!IsUtf8(name)) {
    Fail(ErrorCode::kBadData, where, "holds a tensor whose name \"{}\" is not UTF-8",
         Printable(name));
  }
}

void AddTensor(std::string_view where, const Limits& limits, std::string name, Tensor tensor,
               NamedTensors& out) {
  CheckTensorName(where, name, limits);
  if (out.size() >= limits.tensors) {
    Fail(ErrorCode::kBadData, where, "holds more than {} tensors", limits.tensors);
  }
  if (out.Contains(name)) {
    Fail(ErrorCode::kBadData, where, "holds two tensors named \"{}\"", Printable(name));
  }
  out.Add(std::move(name), std::move(tensor));
}

}  // namespace gan::core
