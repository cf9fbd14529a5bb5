// Where the pictures that are judged come from: a data set, a generator, a folder.
#ifndef GAN_METRICS_PICTURE_SOURCE_H_
#define GAN_METRICS_PICTURE_SOURCE_H_

#include <cstdint>
#include <functional>
#include <span>

#include "tensor/tensor.h"

namespace gan::core {

// Pictures [first, first + count), [count, C, H, W] f32 in [-1, 1], C from 1 to 4 (grey, grey and
// alpha, RGB, RGB and alpha), of one size all. The same pictures for the same numbers. Called from
// one thread at a time.
using PictureSource = std::function<Tensor(int64_t first, int64_t count)>;

// Picture `first` and so on, checked. Error kBadData: not finite, more or fewer pictures than asked
// for, or no shape of pictures.
Tensor TakePictures(const PictureSource& source, int64_t first, int64_t count);

// Pictures by number, from as few calls as there are runs of neighbours in `rows`, ascending.
Tensor TakePictures(const PictureSource& source, std::span<const int64_t> rows);

}  // namespace gan::core

#endif  // GAN_METRICS_PICTURE_SOURCE_H_
