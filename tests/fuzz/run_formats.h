// The files of a run: recipes and checkpoints.
#ifndef GAN_TESTS_FUZZ_RUN_FORMATS_H_
#define GAN_TESTS_FUZZ_RUN_FORMATS_H_

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace gan::core::fuzz {

std::vector<std::string> RecipeSeeds();
void ReadFuzzedRecipe(std::span<const std::byte> bytes);

std::vector<std::string> RunCheckpointSeeds();
void ReadFuzzedRunCheckpoint(std::span<const std::byte> bytes);

}  // namespace gan::core::fuzz

#endif  // GAN_TESTS_FUZZ_RUN_FORMATS_H_
