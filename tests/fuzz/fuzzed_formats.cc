#include "fuzzed_formats.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "checkpoint_formats.h"
#include "data_formats.h"
#include "family_formats.h"
#include "ncnn_format.h"
#include "run_formats.h"

namespace gan::core::fuzz {
namespace {

constexpr std::array kFormats = {
    FuzzedFormat{"pickle", PickleSeeds, ReadFuzzedPickle},
    FuzzedFormat{"torch_zip", TorchZipSeeds, ReadFuzzedCheckpoint},
    FuzzedFormat{"torch_legacy", TorchLegacySeeds, ReadFuzzedCheckpoint},
    FuzzedFormat{"safetensors", SafetensorsSeeds, ReadFuzzedCheckpoint},
    FuzzedFormat{"torch_module", ModuleSeeds, ReadFuzzedCheckpoint},
    FuzzedFormat{"families", FamilySeeds, ReadFuzzedFamily},
    FuzzedFormat{"onnx", OnnxSeeds, ReadFuzzedOnnx},
    FuzzedFormat{"npy", NpySeeds, ReadFuzzedNpy},
    FuzzedFormat{"ncnn", NcnnSeeds, ReadFuzzedNcnn},
    FuzzedFormat{"recipe", RecipeSeeds, ReadFuzzedRecipe},
    FuzzedFormat{"run_checkpoint", RunCheckpointSeeds, ReadFuzzedRunCheckpoint},
    FuzzedFormat{"idx", IdxSeeds, ReadFuzzedIdx},
    FuzzedFormat{"cifar", CifarSeeds, ReadFuzzedCifar},
    FuzzedFormat{"data_cache", DataCacheSeeds, ReadFuzzedDataCache},
};

}  // namespace

std::span<const FuzzedFormat> FuzzedFormats() { return kFormats; }

const FuzzedFormat* FindFuzzedFormat(std::string_view name) {
  const auto* found = std::find_if(kFormats.begin(), kFormats.end(),
                                   [&](const FuzzedFormat& format) { return format.name == name; });
  return found == kFormats.end() ? nullptr : found;
}

}  // namespace gan::core::fuzz
