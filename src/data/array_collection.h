// Pictures of one size in an array, labelled by whole numbers: what IDX, CIFAR and NumPy files
// hold.
#ifndef GAN_DATA_ARRAY_COLLECTION_H_
#define GAN_DATA_ARRAY_COLLECTION_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "data/collection.h"
#include "media/samples.h"

namespace gan::core {

// Samples [count, height, width, channels], channels 1 (grey), 2 (grey, alpha), 3 (RGB) or 4.
struct PictureArray {
  std::string kind;
  std::string name;  // of the file
  int64_t count = 0, height = 0, width = 0, channels = 1;
  SampleType type = SampleType::kU8;     // kU8, kU16, or kF32 in [0, 1]
  std::shared_ptr<const void> samples;   // owns them
  std::vector<int64_t> labels;           // empty: none
  std::vector<std::string> label_names;  // of label 0, 1, ...; empty: the numbers themselves
};

// The classes are the labels that occur, in ascending order. A picture of floats that holds NaN or
// infinity cannot be opened. Error kBadData: no picture, no pixel, more than 4 channels, as many
// labels as there are not pictures, a label without a name. Error kUsage: labels are to come from
// folders or a CSV file.
std::unique_ptr<Collection> CollectArray(PictureArray array, const std::string& labels_wanted);

}  // namespace gan::core

#endif  // GAN_DATA_ARRAY_COLLECTION_H_
