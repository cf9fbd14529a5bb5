#include "api/network_inputs.h"

#include <cmath>
#include <utility>

#include "api/array_tensor.h"
#include "base/error.h"

namespace gan::core {
namespace {

// Networks of convolutions take a picture of one pixel; others plain rows. Rows are taken for both.
Tensor LatentFrom(const Model& model, const Array& input) {
  Tensor z = TensorFrom(input);
  const size_t rank = model.graph.value(model.graph.inputs[0]).shape.size();
  const Shape& given = z.shape();
  const bool row = given.rank() == 2;
  const bool pixel = given.rank() == 4 && given[2] == 1 && given[3] == 1;
  if ((!row && !pixel) || given[1] != model.latent->size) {
    Fail(ErrorCode::kBadData, "run",
         "makes pictures from random numbers and wants them as [N, {}], got {}", model.latent->size,
         given.ToString());
  }
  return z.Reshaped(rank == 2 ? Shape{given[0], given[1]} : Shape{given[0], given[1], 1, 1});
}

Tensor OneHot(const Tensor& numbers, int64_t classes) {
  const int64_t count = numbers.shape()[0];
  Tensor out = Tensor::Zeros(DType::kF32, {count, classes});
  for (int64_t i = 0; i < count; ++i) {
    const float label = numbers.floats()[static_cast<size_t>(i)];
    if (!(label >= 0 && label < static_cast<float>(classes)) || label != std::floor(label)) {
      Fail(ErrorCode::kBadData, "labels", "wants classes from 0 to {}, got {}", classes - 1, label);
    }
    out.floats()[static_cast<size_t>(i * classes) + static_cast<size_t>(label)] = 1;
  }
  return out;
}

Tensor LabelsFrom(const Array& labels, int64_t count, int64_t classes) {
  Tensor given = TensorFrom(labels);
  const Shape& shape = given.shape();
  if (shape == Shape{count}) return OneHot(given, classes);
  if (shape != Shape{count, classes}) {
    Fail(ErrorCode::kBadData, "labels",
         "wants the number of a class for each of {} pictures, or a weight for each of {} classes "
         "[{}, {}], got {}",
         count, classes, count, classes, shape.ToString());
  }
  return given;
}

}  // namespace

std::vector<Tensor> InputsFrom(const Model& model, const Array& input, const Array& labels) {
  const int64_t classes = model.latent ? model.latent->classes : 0;
  if (classes == 0 && !labels.shape.empty()) {
    Fail(ErrorCode::kUsage, "labels", "this network has no classes: give no labels");
  }
  if (classes > 0 && labels.shape.empty()) {
    Fail(ErrorCode::kUsage, "labels",
         "this network makes pictures of {} classes: say for each picture which one", classes);
  }
  std::vector<Tensor> inputs;
  if (!model.latent) {
    inputs.push_back(TensorFrom(input));
    return inputs;
  }
  inputs.push_back(LatentFrom(model, input));
  if (classes > 0) inputs.push_back(LabelsFrom(labels, inputs[0].shape()[0], classes));
  return inputs;
}

}  // namespace gan::core
