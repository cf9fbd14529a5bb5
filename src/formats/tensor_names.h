// Adding tensors whose names come from a file.
#ifndef GAN_FORMATS_TENSOR_NAMES_H_
#define GAN_FORMATS_TENSOR_NAMES_H_

#include <string>
#include <string_view>

#include "formats/limits.h"
#include "tensor/named_tensors.h"

namespace gan::core {

// Error kBadData, naming `where`: the name is empty, too long, not UTF-8 or taken, or there are
// too many tensors.
void CheckTensorName(std::string_view where, std::string_view name, const Limits& limits);
void AddTensor(std::string_view where, const Limits& limits, std::string name, Tensor tensor,
               NamedTensors& out);

}  // namespace gan::core

#endif  // GAN_FORMATS_TENSOR_NAMES_H_
