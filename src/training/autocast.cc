#include "training/autocast.h"

#include <ATen/autocast_mode.h>

#include <algorithm>

namespace gan::core {
namespace {

constexpr double kFirstScale = 65536;
constexpr int64_t kGoodSteps = 2000;  // before the scale is doubled, as PyTorch's GradScaler

}  // namespace

Autocast::Autocast(const std::string& precision, at::Device device)
    : on_(precision != "fp32"), cuda_(device.is_cuda()) {
  if (!on_) return;
  const at::ScalarType type = precision == "bf16" ? at::kBFloat16 : at::kHalf;
  at::autocast::increment_nesting();
  if (cuda_) {
    at::autocast::set_autocast_gpu_dtype(type);
    at::autocast::set_enabled(true);
  } else {
    at::autocast::set_autocast_cpu_dtype(type);
    at::autocast::set_cpu_enabled(true);
  }
}

Autocast::~Autocast() {
  if (!on_) return;
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  if (cuda_) {
    at::autocast::set_enabled(false);
  } else {
    at::autocast::set_cpu_enabled(false);
  }
}

LossScale::LossScale(const std::string& precision) : dynamic_(precision == "fp16") {
  if (dynamic_) state_.scale = kFirstScale;
}

void LossScale::Update(bool finite) {
  if (!dynamic_) return;
  if (!finite) {
    state_ = {std::max(state_.scale / 2, 1.0), 0};
  } else if (++state_.good == kGoodSteps) {
    state_ = {state_.scale * 2, 0};
  }
}

}  // namespace gan::core
