// Labelled pictures in memory, as classifiers are trained on.
#ifndef GAN_TRAINING_LABELLED_TENSORS_H_
#define GAN_TRAINING_LABELLED_TENSORS_H_

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "base/random.h"
#include "data/dataset.h"

namespace gan::core {

struct LabelledTensors {
  at::Tensor pictures;  // [N, C, H, W]: f32 in [-1, 1], or u8, where 0 is -1 and 255 is 1
  at::Tensor labels;    // [N] i64, from 0 up

  int64_t count() const { return labels.size(0); }
};

// All pictures; `label_of[i]` becomes the label of what the data set calls class i, the same class
// when left out. Error kBadData: a picture without a label.
LabelledTensors TensorsOf(const Dataset& data, const std::vector<int64_t>& label_of = {});

// A random choice of `per_class` pictures of each class, of all where there are fewer or it is 0.
LabelledTensors ChooseOfEach(const LabelledTensors& data, int64_t per_class, Random& random);

}  // namespace gan::core

#endif  // GAN_TRAINING_LABELLED_TENSORS_H_
