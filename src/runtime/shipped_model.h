// The models that come with the program.
#ifndef GAN_RUNTIME_SHIPPED_MODEL_H_
#define GAN_RUNTIME_SHIPPED_MODEL_H_

#include <filesystem>
#include <string_view>
#include <vector>

namespace gan::core {

// The folder in the environment variable GAN_MODELS; then, seen from the program or library that
// holds this code, models/ beside it and share/gan/models of the folders above it; then, in a
// developer's build, the source tree's. Thread-safe as long as nobody changes the environment.
std::vector<std::filesystem::path> ShippedModelFolders();

// The path of file `name` ("glyphs-features.safetensors"), which holds no "/", in the first of
// these folders that has it. Error kNoInput, saying where it was looked for.
std::filesystem::path FindShippedModel(std::string_view name);

}  // namespace gan::core

#endif  // GAN_RUNTIME_SHIPPED_MODEL_H_
