#include "metrics/picture_resize.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/error.h"

namespace gan::core {
namespace {

// What one output pixel takes along one axis: input pixels from `first` on, with these weights.
struct Taps {
  int64_t first = 0;
  std::vector<float> weights;
};

Taps BilinearTaps(double centre, int64_t size) {
  const double at = std::max(centre - 0.5, 0.0);
  const auto first = std::min(static_cast<int64_t>(at), size - 1);
  if (first == size - 1) return {first, {1.0f}};
  const auto second = static_cast<float>(at - static_cast<double>(first));
  return {first, {1 - second, second}};
}

Taps AntialiasTaps(double centre, double scale, int64_t size) {
  const double reach = std::max(scale, 1.0);
  const auto low = std::max(static_cast<int64_t>(centre - reach + 0.5), int64_t{0});
  const auto high = std::min(static_cast<int64_t>(centre + reach + 0.5), size);
  std::vector<double> weights;
  double sum = 0;
  for (int64_t i = low; i < high; ++i) {
    const double distance = std::abs((static_cast<double>(i) + 0.5 - centre) / reach);
    weights.push_back(std::max(1 - distance, 0.0));
    sum += weights.back();
  }
  Taps taps{low, {}};
  for (const double weight : weights) taps.weights.push_back(static_cast<float>(weight / sum));
  return taps;
}

std::vector<Taps> AxisTaps(int64_t in, int64_t out, Resizer resizer) {
  const double scale = static_cast<double>(in) / static_cast<double>(out);
  std::vector<Taps> all;
  for (int64_t o = 0; o < out; ++o) {
    const double centre = (static_cast<double>(o) + 0.5) * scale;
    all.push_back(resizer == Resizer::kBilinear ? BilinearTaps(centre, in)
                                                : AntialiasTaps(centre, scale, in));
  }
  return all;
}

// One plane: rows first, so that the inner loops run along memory.
void ResizePlane(const float* in, int64_t in_width, const std::vector<Taps>& vertical,
                 const std::vector<Taps>& horizontal, std::vector<float>& row, float* out) {
  row.resize(static_cast<size_t>(in_width));
  for (const Taps& down : vertical) {
    std::ranges::fill(row, 0.0f);
    for (size_t t = 0; t < down.weights.size(); ++t) {
      const float* from = in + (down.first + static_cast<int64_t>(t)) * in_width;
      const float weight = down.weights[t];
      for (size_t x = 0; x < row.size(); ++x) row[x] += weight * from[x];
    }
    for (const Taps& across : horizontal) {
      float sum = 0;
      const float* from = row.data() + across.first;
      for (size_t t = 0; t < across.weights.size(); ++t) sum += across.weights[t] * from[t];
      *out++ = sum;
    }
  }
}

}  // namespace

std::string_view NameOf(Resizer resizer) {
  switch (resizer) {
    case Resizer::kBilinear: return "bilinear";
    case Resizer::kAntialias: return "antialias";
  }
  GAN_ASSERT(false);
  return "";
}

Resizer ResizerFromName(std::string_view name) {
  for (const Resizer resizer : {Resizer::kBilinear, Resizer::kAntialias}) {
    if (NameOf(resizer) == name) return resizer;
  }
  Fail(ErrorCode::kUsage, "resizer", "wants bilinear or antialias, got \"{}\"", Printable(name));
}

Tensor ResizePictures(const Tensor& pictures, int64_t height, int64_t width, Resizer resizer) {
  const Shape& shape = pictures.shape();
  GAN_ASSERT(shape.rank() == 4);
  if (shape[2] == height && shape[3] == width) return pictures;
  const std::vector<Taps> vertical = AxisTaps(shape[2], height, resizer);
  const std::vector<Taps> horizontal = AxisTaps(shape[3], width, resizer);
  Tensor out(DType::kF32, {shape[0], shape[1], height, width});
  std::vector<float> row;
  for (int64_t plane = 0; plane < shape[0] * shape[1]; ++plane) {
    ResizePlane(pictures.floats().data() + plane * shape[2] * shape[3], shape[3], vertical,
                horizontal, row, out.floats().data() + plane * height * width);
  }
  return out;
}

}  // namespace gan::core
