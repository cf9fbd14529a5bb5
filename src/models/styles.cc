#include "models/styles.h"

#include <algorithm>
#include <vector>

#include "base/error.h"

namespace gan::core {

Tensor StyleRows(const StyleSpace& space, const Tensor& styles, std::string_view where) {
  const Shape& given = styles.shape();
  const int64_t row = space.layers * space.width;
  if (given.rank() == 3 && given[1] == space.layers && given[2] == space.width) {
    return styles.Reshaped({given[0], row});
  }
  if (given.rank() != 2 || given[1] != space.width) {
    Fail(ErrorCode::kBadData, where,
         "wants styles as [N, {}], or one for each layer as [N, {}, {}], got {}", space.width,
         space.layers, space.width, given.ToString());
  }
  Tensor out(DType::kF32, {given[0], row});
  const auto width = static_cast<size_t>(space.width);
  for (size_t i = 0; i < static_cast<size_t>(given[0] * space.layers); ++i) {
    const auto from = styles.floats().subspan(i / static_cast<size_t>(space.layers) * width, width);
    std::ranges::copy(from, out.floats().subspan(i * width, width).begin());
  }
  return out;
}

namespace {

// By layer; all 1 where the file holds no average.
std::vector<float> Truncations(const Model& model) {
  const StyleControls& style = *model.style;
  std::vector<float> psi(static_cast<size_t>(style.space.layers), 1.0f);
  for (size_t i = 0; i < style.truncations.size(); ++i) {
    psi[i] = model.parameters.At(style.truncations[i]).floats()[0];
  }
  return psi;
}

}  // namespace

Tensor TruncatedStyles(const Model& model, const Tensor& styles) {
  const StyleSpace& space = model.style->space;
  const std::vector<float> psi = Truncations(model);
  const bool same = std::ranges::all_of(psi, [&](float p) { return p == psi[0]; });
  if (same && psi[0] == 1) return styles;
  const std::span<const float> average = model.parameters.At(space.average).floats();
  const auto width = static_cast<size_t>(space.width);
  const int64_t count = styles.shape()[0];
  const bool of_layers = styles.shape().rank() == 3;
  Tensor out = of_layers || same ? Tensor(DType::kF32, styles.shape())
                                 : Tensor(DType::kF32, {count, space.layers, space.width});
  // How many rows of `out` are made of one that is given.
  const size_t repeats = of_layers || same ? 1 : psi.size();
  const std::span<const float> from = styles.floats();
  const std::span<float> to = out.floats();
  for (size_t i = 0; i < to.size(); ++i) {
    const size_t row = i / width, place = i % width;
    const float w = from[row / repeats * width + place];
    to[i] = (w - average[place]) * psi[same ? 0 : row % psi.size()] + average[place];
  }
  return out;
}

NamedTensors WithoutTruncation(const Model& model) {
  const std::vector<std::string>& names = model.style->truncations;
  NamedTensors out;
  for (const auto& [name, tensor] : model.parameters) {
    const bool psi = std::ranges::find(names, name) != names.end();
    out.Add(name, psi ? Tensor::FromFloats(tensor.shape(), std::vector<float>{1}) : tensor);
  }
  return out;
}

void RequireLayers(const StyleSpace& space, const LayerRange& range) {
  if (range.first >= 0 && range.first <= range.last && range.last < space.layers) return;
  Fail(ErrorCode::kUsage, "layers", "wants layers from 0 to {}, got {} to {}", space.layers - 1,
       range.first, range.last);
}

Tensor MixStyles(const StyleSpace& space, const Tensor& rows, const Tensor& columns,
                 const LayerRange& layers) {
  RequireLayers(space, layers);
  const int64_t across = columns.shape()[0], count = rows.shape()[0] * across;
  const auto size = static_cast<size_t>(space.layers * space.width);
  const auto begin = static_cast<size_t>(layers.first * space.width);
  const auto mixed = static_cast<size_t>((layers.last - layers.first + 1) * space.width);
  Tensor out(DType::kF32, {count, space.layers * space.width});
  for (int64_t i = 0; i < count; ++i) {
    const std::span<float> to = out.floats().subspan(static_cast<size_t>(i) * size, size);
    const auto row = static_cast<size_t>(i / across), column = static_cast<size_t>(i % across);
    std::ranges::copy(rows.floats().subspan(row * size, size), to.begin());
    std::ranges::copy(columns.floats().subspan(column * size + begin, mixed),
                      to.subspan(begin).begin());
  }
  return out;
}

}  // namespace gan::core
