#include "run_formats.h"

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/error.h"
#include "runs/checkpoint_file.h"
#include "runs/recipe.h"
#include "runs/recipe_rules.h"

namespace gan::core::fuzz {

std::vector<std::string> RecipeSeeds() {
  Recipe every;
  every.data.path = "mnist";
  return {
      RecipeText(every), "[train]\nbatch = 64\n[data]\npath = 'mnist'\n",
      "name = \"x\"\ndata.path = \"y\"\ntrain.images = 1_000\nloss = {adversarial = \"hinge\"}\n",
      "[generator]\nlearning_rate = 1e-3\n[evaluate]\nmetrics = [\"fid\", \"kid\",]\n"
      "[data]\npath = \"\"\"\\u00e9\\n\"\"\"\n"};
}

void ReadFuzzedRecipe(std::span<const std::byte> bytes) {
  try {
    const Recipe recipe =
        ParseRecipe({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, "recipe");
    // What was read is written and read again: nothing is lost on the way.
    GAN_ASSERT(ParseRecipe(RecipeText(recipe), "written") == recipe);
    CheckCombinations(recipe, TrainingDevice::kProcessor);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kConfiguration) throw;
    // A recipe that is refused is what broken data is to other formats.
    throw Error(ErrorCode::kBadData, error.what());
  }
}

std::vector<std::string> RunCheckpointSeeds() {
  static std::atomic<int> counter{0};
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() /
      fmt::format("gan_fuzz_run.{}.{}.safetensors", getpid(), counter.fetch_add(1));
  NamedTensors tensors;
  tensors.Add("generator.weight", Tensor::Zeros(DType::kF32, Shape{4, 3}));
  tensors.Add("steps", Tensor::Zeros(DType::kI64, Shape{}));
  WriteRunCheckpoint(path, tensors, R"({"images":64})");
  std::string bytes;
  {
    std::ifstream in(path, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  std::filesystem::remove(path);
  return {bytes};
}

void ReadFuzzedRunCheckpoint(std::span<const std::byte> bytes) {
  const RunCheckpoint checkpoint = ReadRunCheckpoint(MemorySource("checkpoint", bytes));
  volatile unsigned sum = 0;
  for (const auto& [name, tensor] : checkpoint.tensors) {
    for (const std::byte byte : tensor.raw()) sum = sum + static_cast<unsigned>(byte);
  }
}

}  // namespace gan::core::fuzz
