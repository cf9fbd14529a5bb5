// A data set at a glance, and what of it is there twice.
#ifndef GAN_DATA_CONTACT_SHEET_H_
#define GAN_DATA_CONTACT_SHEET_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "data/dataset.h"
#include "tensor/tensor.h"

namespace gan::core {

// A row of the first pictures of each class, for so many classes as a sheet has rows; without
// classes, the first pictures. [channels, height, width] f32 in [0, 1].
Tensor ContactSheet(const Dataset& data);

// Pictures with the same pixels as one before them: (picture, the first like it), ascending.
std::vector<std::pair<int64_t, int64_t>> FindDuplicates(const Dataset& data);

}  // namespace gan::core

#endif  // GAN_DATA_CONTACT_SHEET_H_
