#include "data/picture_order.h"

#include <numeric>
#include <utility>

#include "base/error.h"
#include "base/random.h"

namespace gan::core {
namespace {

// Two numbers as one, well mixed (the finaliser of SplitMix64, twice).
uint64_t Mixed(uint64_t a, uint64_t b) {
  uint64_t z = a;
  for (const uint64_t add : {b, uint64_t{0x9E3779B97F4A7C15u}}) {
    z += add;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    z ^= z >> 31;
  }
  return z;
}

constexpr uint64_t kOrder = 0x6F72646572u, kMirror = 0x6D6972726Fu;  // what a number is drawn for

}  // namespace

PictureOrder::PictureOrder(int64_t pictures, uint64_t seed) : pictures_(pictures), seed_(seed) {
  GAN_ASSERT(pictures >= 1 && pictures <= int64_t{1} << 32);
}

int64_t PictureOrder::At(int64_t drawn) {
  GAN_ASSERT(drawn >= 0);
  const Permutation order = OfEpoch(drawn / pictures_);
  return (*order)[static_cast<size_t>(drawn % pictures_)];
}

bool PictureOrder::Mirrored(int64_t drawn) const {
  return (Mixed(Mixed(seed_, kMirror), static_cast<uint64_t>(drawn)) >> 63) != 0;
}

PictureOrder::Permutation PictureOrder::OfEpoch(int64_t epoch) {
  const std::lock_guard lock(mutex_);
  const auto slot = static_cast<size_t>(epoch % 2);
  if (epochs_[slot] != epoch) {
    auto order = std::make_shared<std::vector<uint32_t>>(static_cast<size_t>(pictures_));
    std::iota(order->begin(), order->end(), 0u);
    Random random(Mixed(Mixed(seed_, kOrder), static_cast<uint64_t>(epoch)));
    for (size_t i = order->size(); i > 1; --i)
      std::swap((*order)[i - 1], (*order)[random.Below(i)]);
    held_[slot] = std::move(order);
    epochs_[slot] = epoch;
  }
  return held_[slot];
}

}  // namespace gan::core
