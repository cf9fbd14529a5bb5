// Where a training runs.
#ifndef GAN_TRAINING_DEVICE_H_
#define GAN_TRAINING_DEVICE_H_

#include <ATen/ATen.h>

#include <string>

namespace gan::core {

// "cpu", "cuda", "cuda:1". Of "cuda" alone, a process started as torchrun does it takes the GPU
// that LOCAL_RANK names. Error kUsage: another name; kConfiguration: no such GPU, or a LibTorch
// without.
at::Device TrainingDeviceNamed(const std::string& name);

}  // namespace gan::core

#endif  // GAN_TRAINING_DEVICE_H_
