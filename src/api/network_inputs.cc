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
  KindOf(model, z, LatentKind::kZ, "run");
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

bool IsRow(const Shape& shape, int64_t size) { return shape.rank() == 2 && shape[1] == size; }

bool IsZ(const Model& model, const Shape& shape) {
  const bool pixel = shape.rank() == 4 && shape[2] == 1 && shape[3] == 1;
  return pixel ? shape[1] == model.latent->size : IsRow(shape, model.latent->size);
}

bool IsWPlus(const StyleSpace& space, const Shape& shape) {
  return shape.rank() == 3 && shape[1] == space.layers && shape[2] == space.width;
}

[[noreturn]] void FailKind(const Model& model, const Shape& got, std::string_view where) {
  std::string styles;
  if (model.style) {
    styles = fmt::format(", or styles as [N, {}] or [N, {}, {}]", model.style->space.width,
                         model.style->space.layers, model.style->space.width);
  }
  Fail(ErrorCode::kBadData, where, "wants random numbers as [N, {}]{}, got {}", model.latent->size,
       styles, got.ToString());
}

}  // namespace

LatentKind KindOf(const Model& model, const Tensor& latents, LatentKind kind,
                  std::string_view where) {
  const Shape& got = latents.shape();
  const bool styles = kind == LatentKind::kW || kind == LatentKind::kWPlus;
  if (styles && !model.style) {
    Fail(ErrorCode::kUsage, "latent", "{} has no styles: w and w+ are StyleGAN's",
         model.description);
  }
  if (kind == LatentKind::kAuto) {
    if (IsZ(model, got)) return LatentKind::kZ;
    if (model.style && IsWPlus(model.style->space, got)) return LatentKind::kWPlus;
    if (model.style && IsRow(got, model.style->space.width)) return LatentKind::kW;
    FailKind(model, got, where);
  }
  if (kind == LatentKind::kZ) {
    if (IsZ(model, got)) return kind;
    Fail(ErrorCode::kBadData, where, "wants random numbers as [N, {}], got {}", model.latent->size,
         got.ToString());
  }
  const StyleSpace& space = model.style->space;
  if (kind == LatentKind::kW && !IsRow(got, space.width)) {
    Fail(ErrorCode::kBadData, where, "wants styles w as [N, {}], got {}", space.width,
         got.ToString());
  }
  if (kind == LatentKind::kWPlus && !IsWPlus(space, got)) {
    Fail(ErrorCode::kBadData, where, "wants styles w+ as [N, {}, {}], got {}", space.layers,
         space.width, got.ToString());
  }
  return kind;
}

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
