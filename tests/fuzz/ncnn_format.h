// The ncnn reader's side of fuzzing. A fuzzed input is both files in one: the .param text, a zero
// byte, the .bin file.
#ifndef GAN_TESTS_FUZZ_NCNN_FORMAT_H_
#define GAN_TESTS_FUZZ_NCNN_FORMAT_H_

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace gan::core::fuzz {

std::vector<std::string> NcnnSeeds();
void ReadFuzzedNcnn(std::span<const std::byte> bytes);

}  // namespace gan::core::fuzz

#endif  // GAN_TESTS_FUZZ_NCNN_FORMAT_H_
