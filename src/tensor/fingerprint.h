// A short name for a set of tensors.
#ifndef GAN_TENSOR_FINGERPRINT_H_
#define GAN_TENSOR_FINGERPRINT_H_

#include <string>

#include "tensor/named_tensors.h"

namespace gan::core {

// XXH3-128 over names, types, sizes and elements in their order, as 32 hex digits. Tells one set of
// weights from another; no defence against somebody who wants two to look alike.
std::string FingerprintOf(const NamedTensors& tensors);

}  // namespace gan::core

#endif  // GAN_TENSOR_FINGERPRINT_H_
