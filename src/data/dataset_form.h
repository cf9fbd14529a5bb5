// Decisions before pictures are decoded: what form they get, and which of them are taken.
#ifndef GAN_DATA_DATASET_FORM_H_
#define GAN_DATA_DATASET_FORM_H_

#include <cstdint>
#include <string>
#include <vector>

#include "data/cache_file.h"
#include "data/collection.h"
#include "data/dataset.h"
#include "data/survey.h"

namespace gan::core {

// Error kUsage: an option out of its range.
void CheckDatasetOptions(const DatasetOptions& options);

// Pictures of several kinds get colour if one of them has it, alpha if all have it, 16 bits if one
// has them; `notes` says so. Error kUsage: no size is given and the pictures are no squares of one
// size.
CacheForm FormOf(const Survey& survey, const DatasetOptions& options,
                 std::vector<std::string>& notes);

// Those of the readable pictures that the limits leave, ascending: a choice that depends on the
// seed and the order of the pictures alone.
std::vector<int64_t> ChoosePictures(const Collection& collection, const Survey& survey,
                                    const DatasetOptions& options);

// "28 x 28 (60000)", most frequent first; more than a few are counted.
std::string SizesText(const Survey& survey);

}  // namespace gan::core

#endif  // GAN_DATA_DATASET_FORM_H_
