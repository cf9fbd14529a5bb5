#include "tasks/tile_window.h"

#include <algorithm>

namespace gan::core {

TileWindow WindowOf(const TileAxis& axis, const TileSpan& span, const TileRules& rules,
                    int64_t length, int64_t reach) {
  TileWindow window{.length = length,
                    .scale_num = rules.scale_num,
                    .scale_den = rules.scale_den,
                    .out_begin = span.out_begin - span.out_offset,
                    .out_size = axis.out_size};
  for (int64_t i = 0; i < axis.in_size; ++i) {
    window.gather.push_back(ReflectIndex(span.in_begin + i - rules.margin, length));
  }
  const auto [first, last] = std::minmax_element(window.gather.begin(), window.gather.end());
  window.block = {std::max<int64_t>(*first - reach, 0), std::min(*last + 1 + reach, length)};
  for (int64_t& place : window.gather) place -= window.block.begin;
  return window;
}

}  // namespace gan::core
