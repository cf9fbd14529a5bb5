#include "models/srgan/habits.h"

#include <algorithm>
#include <array>

namespace gan::core {
namespace {

struct Known {
  // How names of tensors begin that only this implementation has together.
  std::string_view one, other;
  SrganHabits habits;
};

constexpr SrganHabits Linear(std::string_view spelling, float slope = 0) {
  return {.spelling = spelling,
          .out = SrganValues::kUnit,
          .tanh = false,
          .block_slope = slope,
          .slope = slope};
}

// The picture enlarged bilinearly is added; ReLU within the blocks, 0.1 outside.
constexpr SrganHabits Modified(std::string_view spelling) {
  SrganHabits habits = Linear(spelling);
  habits.slope = 0.1f;
  habits.base = true;
  return habits;
}

constexpr SrganHabits Tanh(std::string_view spelling, SrganValues in = SrganValues::kUnit,
                           SrganValues out = SrganValues::kSigned) {
  return {.spelling = spelling, .in = in, .out = out};
}

constexpr std::string_view kLornatang = "Lornatang/SRGAN-PyTorch";

constexpr std::array kKnown = {
    Known{"upconv1.", "conv_hr.", Modified("BasicSR's MSRResNet")},
    Known{"upconv1.", "HRconv.", Modified("MSRResNet of BasicSR's first release and KAIR")},
    Known{"upsample1.upsample_conv.", "conv_hr.", Modified("MMEditing's MSRResNet")},
    Known{"model.1.sub.0.res.", "model.0.", Linear("SRResNet of BasicSR's first release")},
    Known{"1.sub.0.res.", "0.", Linear("SRResNet of BasicSR's first release")},
    Known{"block1.0.", "block2.conv1.", Tanh("leftthomas/SRGAN")},
    Known{"conv_block1.conv_block.0.", "residual_blocks.0.conv_block1.",
          Tanh("sgrvinod/a-PyTorch-Tutorial-to-Super-Resolution", SrganValues::kImageNet)},
    Known{"initial.cnn.", "residuals.0.block1.",
          Tanh("aladdinpersson/Machine-Learning-Collection")},
    Known{"conv01.body.0.", "last_conv.body.0.",
          Tanh("dongheehand/SRGAN-PyTorch", SrganValues::kSigned)},
    Known{"neck.0.", "bottleneck.0.", Tanh("HasnainRaz/Fast-SRGAN", SrganValues::kSigned)},
    Known{"conv_input.", "upscale4x.", Linear("twtygqyy/pytorch-SRResNet", 0.2f)},
    Known{"res_blocks.0.conv_block.", "conv3.0.",
          Tanh("eriklindernoren/PyTorch-GAN", SrganValues::kImageNet, SrganValues::kImageNet)},
    Known{"trunk.0.", "conv3.", Linear(kLornatang)},
    Known{"Trunk.0.", "conv3.", Linear(kLornatang)},
    Known{"trunk.0.", "conv_block3.", Linear(kLornatang)},
    Known{"residual_blocks.0.", "conv3.", Linear(kLornatang)},
    Known{"residual_blocks.0.conv_block.", "conv_block3.", Linear(kLornatang)},
};

}  // namespace

SrganHabits SrganHabitsOf(const StateDict& dict) {
  const auto found = std::ranges::find_if(kKnown, [&](const Known& known) {
    return dict.HasPrefix(known.one) && dict.HasPrefix(known.other);
  });
  return found == kKnown.end() ? SrganHabits{} : found->habits;
}

}  // namespace gan::core
