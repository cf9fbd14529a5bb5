// Between the arrays of the public interface and tensors.
#ifndef GAN_API_ARRAY_TENSOR_H_
#define GAN_API_ARRAY_TENSOR_H_

#include "gan/array.h"
#include "tensor/tensor.h"

namespace gan::core {

// Copies. Error kBadData: the shape does not fit the values, or is no shape.
Tensor TensorFrom(const Array& array);
Array ArrayFrom(const Tensor& tensor);  // requires a type that ToFloat() takes

}  // namespace gan::core

#endif  // GAN_API_ARRAY_TENSOR_H_
