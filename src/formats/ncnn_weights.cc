#include "formats/ncnn_weights.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace gan::core {
namespace {

constexpr uint32_t kHalfFlag = 0x01306B47;
constexpr uint32_t kInt8Flag = 0x000D4B38;
// f32 as well; it only kept ncnn's optimiser from narrowing them.
constexpr uint32_t kFloatFlag = 0x0002C056;

}  // namespace

Tensor NcnnWeights::Next(const NcnnLayer& layer, int64_t elements, bool flagged) {
  if (next_ == arrays_.size()) arrays_.push_back(Read(layer, elements, flagged));
  return arrays_[next_++];
}

Tensor NcnnWeights::Read(const NcnnLayer& layer, int64_t elements, bool flagged) {
  const auto left = [&] { return bin_.size() - offset_; };
  const auto require = [&](uint64_t bytes) {
    if (bytes <= left()) return;
    layer.FailHere("wants {} weights, {} has {} bytes left; another network's file?", elements,
                   bin_.name(), left());
  };
  DType stored = DType::kF32;
  if (flagged) {
    uint32_t flag = 0;
    require(sizeof flag);
    bin_.ReadAt(offset_, std::as_writable_bytes(std::span(&flag, 1)));
    offset_ += sizeof flag;
    if (flag == kHalfFlag) stored = DType::kF16;
    if (flag == kInt8Flag) layer.FailHere("has int8 weights, which gan cannot run");
    if (flag != 0 && flag != kHalfFlag && flag != kFloatFlag) {
      layer.FailHere(
          "wants its weights as fp32 or fp16, got storage flag {:#010x}: quantised, or "
          "{} belongs to another network",
          flag, bin_.name());
    }
  }
  const uint64_t width = SizeOf(stored);
  if (elements < 1 || static_cast<uint64_t>(elements) > left() / width) require(left() + 1);
  Tensor tensor(stored, Shape{elements});
  bin_.ReadAt(offset_, tensor.raw());
  const uint64_t padded = (tensor.bytes() + 3) / 4 * 4;
  require(padded);
  offset_ += padded;
  half_ |= stored == DType::kF16;
  Tensor out = tensor.ToFloat();
  const auto finite = [](float value) { return std::isfinite(value); };
  if (!options_.allow_non_finite && !std::ranges::all_of(out.floats(), finite)) {
    layer.FailHere("has weights that are NaN or infinite; {} belongs to another network?",
                   bin_.name());
  }
  return out;
}

void NcnnWeights::RequireEnd() const {
  if (offset_ == bin_.size()) return;
  Fail(ErrorCode::kBadData, bin_.name(),
       "has {} bytes more than the layers want: it belongs to another .param file?",
       bin_.size() - offset_);
}

}  // namespace gan::core
