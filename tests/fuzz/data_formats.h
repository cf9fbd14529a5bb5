// Seeds and readers for data sets: IDX, CIFAR, and our own cache of decoded pictures.
#ifndef GAN_TESTS_FUZZ_DATA_FORMATS_H_
#define GAN_TESTS_FUZZ_DATA_FORMATS_H_

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace gan::core::fuzz {

std::vector<std::string> IdxSeeds();
std::vector<std::string> CifarSeeds();
std::vector<std::string> DataCacheSeeds();

void ReadFuzzedIdx(std::span<const std::byte> bytes);
void ReadFuzzedCifar(std::span<const std::byte> bytes);
// As it is, and again with the sums made right, so that what lies behind them is reached.
void ReadFuzzedDataCache(std::span<const std::byte> bytes);

}  // namespace gan::core::fuzz

#endif  // GAN_TESTS_FUZZ_DATA_FORMATS_H_
