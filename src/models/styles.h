// The styles of a generator between its random numbers and its pictures: one for each layer (W+),
// or the same for all (W).
#ifndef GAN_MODELS_STYLES_H_
#define GAN_MODELS_STYLES_H_

#include <cstdint>
#include <string_view>

#include "models/model.h"
#include "tensor/tensor.h"

namespace gan::core {

// Styles [N, width], the same for all layers, or [N, layers, width], as the rows that
// StyleSpace::synthesis takes, [N, layers * width]. Error kBadData naming `where`: another shape.
Tensor StyleRows(const StyleSpace& space, const Tensor& styles, std::string_view where);

// Styles [N, width] or [N, layers, width] brought towards the average one as the model's truncation
// says: of the same shape, or [N, layers, width] where it differs from layer to layer. Requires
// model.style.
Tensor TruncatedStyles(const Model& model, const Tensor& styles);

// The model's parameters with a truncation of 1 in all layers. Requires model.style.
NamedTensors WithoutTruncation(const Model& model);

// Layers, both ends included.
struct LayerRange {
  int64_t first = 0;
  int64_t last = 0;
};

// Every row of `rows` with every one of `columns`: picture r * C + c has the styles of row r, but
// in `layers` those of column c. (Karras et al. 2019, section 3.1)
//
//   rows     [R, layers * width]
//   columns  [C, layers * width]
//   out      [R * C, layers * width]
//
// Error kUsage: layers that the generator does not have.
Tensor MixStyles(const StyleSpace& space, const Tensor& rows, const Tensor& columns,
                 const LayerRange& layers);

// Error kUsage naming "layers": `range` is not among the generator's.
void RequireLayers(const StyleSpace& space, const LayerRange& range);

}  // namespace gan::core

#endif  // GAN_MODELS_STYLES_H_
