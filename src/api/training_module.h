// What libgan_training.so, the only library that links LibTorch for training, exports with C
// linkage. Program and module share C++ types, so each function first compares versions.
#ifndef GAN_API_TRAINING_MODULE_H_
#define GAN_API_TRAINING_MODULE_H_

#include "gan/training/train.h"

namespace gan::core {

inline constexpr const char* kTrainFunction = "GanTrain";
using TrainFunction = void(const char* version, const TrainOptions* options,
                           const TrainEvents* events, TrainResult* result);

}  // namespace gan::core

#endif  // GAN_API_TRAINING_MODULE_H_
