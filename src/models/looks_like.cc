#include "models/looks_like.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/error.h"

namespace gan::core {
namespace {

struct Mark {
  std::string_view part;  // of some tensor's name
  std::string_view what;
};

// Networks that people are likely to try, surest marks first.
constexpr std::array kMarks = {
    Mark{"lora_", "LoRA weights for a diffusion model"},
    Mark{"model.diffusion_model.", "a diffusion model"},
    Mark{"synthesis.", "a StyleGAN generator"},
    Mark{"style.", "a StyleGAN generator"},
    Mark{"residual_group.blocks.", "a transformer for super-resolution (SwinIR, HAT or akin)"},
    Mark{"layers.0.blocks.", "a transformer for super-resolution"},
    Mark{"relative_position_bias_table", "a Swin transformer"},
    Mark{"self_attn", "a language or vision transformer"},
    Mark{"attn.qkv", "a vision transformer"},
    Mark{"stylegan_decoder", "a face restorer (GFPGAN or akin)"},
    Mark{"running_mean", "a network with batch normalisation"},
};

bool HasRank4(const StateDict& dict) {
  return std::ranges::any_of(dict.tensors,
                             [](const auto& entry) { return entry.second.shape().rank() == 4; });
}

// A critic ends in one number a patch; a generator ends in a picture.
bool EndsInOneChannel(const StateDict& dict) {
  return std::ranges::any_of(dict.tensors, [](const auto& entry) {
    const Shape& shape = entry.second.shape();
    return shape.rank() == 4 && shape[0] == 1 && shape[1] >= 64;
  });
}

}  // namespace

std::string LooksLike(const StateDict& dict) {
  GAN_ASSERT(!dict.tensors.empty());
  const auto& [first, tensor] = *dict.tensors.begin();
  const std::string example =
      fmt::format("{} tensors, such as \"{}{}\" {}", dict.tensors.size(), Printable(dict.prefix),
                  Printable(first), tensor.shape().ToString());
  for (const Mark& mark : kMarks) {
    for (const auto& [name, unused] : dict.tensors) {
      if (name.find(mark.part) == std::string::npos) continue;
      return fmt::format("it looks like {} (\"{}{}\"): {}", mark.what, Printable(dict.prefix),
                         Printable(name), example);
    }
  }
  if (EndsInOneChannel(dict)) return fmt::format("it may be a discriminator: {}", example);
  return fmt::format("it has {}: {}",
                     HasRank4(dict) ? "convolutions of no known order" : "no 2-D convolutions",
                     example);
}

}  // namespace gan::core
