// Seeds and readers for the checkpoint formats and NumPy arrays.
#ifndef GAN_TESTS_FUZZ_CHECKPOINT_FORMATS_H_
#define GAN_TESTS_FUZZ_CHECKPOINT_FORMATS_H_

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "tensor/tensor.h"

namespace gan::core::fuzz {

std::vector<std::string> PickleSeeds();
std::vector<std::string> TorchZipSeeds();
std::vector<std::string> TorchLegacySeeds();
std::vector<std::string> ModuleSeeds();  // whole modules, zipped and bare
std::vector<std::string> OnnxSeeds();
std::vector<std::string> SafetensorsSeeds();
std::vector<std::string> NpySeeds();

// The pickle of a torch file whose storages have whatever size is asked for, up to 64 KiB.
void ReadFuzzedPickle(std::span<const std::byte> bytes);
void ReadFuzzedCheckpoint(std::span<const std::byte> bytes);
void ReadFuzzedOnnx(std::span<const std::byte> bytes);
void ReadFuzzedNpy(std::span<const std::byte> bytes);

// Reads every byte, so that a sanitizer sees those that are not there.
void Touch(const Tensor& tensor);

}  // namespace gan::core::fuzz

#endif  // GAN_TESTS_FUZZ_CHECKPOINT_FORMATS_H_
