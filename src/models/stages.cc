#include "models/stages.h"

#include <algorithm>
#include <bit>

namespace gan::core {

Stages StagesOf(int64_t size) {
  Stages stages{.base = size == 28 ? 7 : 4};
  while (stages.base << stages.doublings < size) ++stages.doublings;
  return stages;
}

bool IsPictureSize(int64_t size) {
  return size == 28 ||
         (size >= 16 && size <= 256 && std::has_single_bit(static_cast<uint64_t>(size)));
}

int64_t Widened(int64_t width, int64_t doublings, int64_t widest) {
  return width * std::min(int64_t{1} << doublings, widest);
}

}  // namespace gan::core
