#include "latent/moves.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace gan::core {

void MoveLatents(Tensor& latents, const Tensor& directions, std::span<const Move> moves,
                 const LayerRange& parts) {
  const int64_t known = directions.shape()[0];
  const auto size = static_cast<size_t>(directions.shape()[1]);
  const auto width = static_cast<size_t>(latents.shape()[1]);
  GAN_ASSERT(parts.first >= 0 && static_cast<size_t>(parts.last + 1) * size <= width);
  for (const Move& move : moves) {
    if (move.direction < 0 || move.direction >= known || !std::isfinite(move.by)) {
      Fail(ErrorCode::kUsage, "move", "wants directions from 0 to {} and finite steps, got {}={}",
           known - 1, move.direction, move.by);
    }
    const std::span<const float> direction =
        directions.floats().subspan(static_cast<size_t>(move.direction) * size, size);
    for (size_t row = 0; row < static_cast<size_t>(latents.shape()[0]); ++row) {
      for (auto part = static_cast<size_t>(parts.first); part <= static_cast<size_t>(parts.last);
           ++part) {
        const std::span<float> to = latents.floats().subspan(row * width + part * size, size);
        for (size_t i = 0; i < size; ++i) to[i] += static_cast<float>(move.by * direction[i]);
      }
    }
  }
}

Tensor Walks(const Tensor& start, const Tensor& directions, int64_t columns, double span,
             const LayerRange& parts) {
  const int64_t known = directions.shape()[0], width = start.shape()[1];
  GAN_ASSERT(start.shape()[0] == 1 && columns >= 1);
  Tensor out(DType::kF32, {known * columns, width});
  for (int64_t i = 0; i < known * columns; ++i) {
    Tensor row = start.Clone();
    const double share =
        columns == 1 ? 1 : 2 * static_cast<double>(i % columns) / static_cast<double>(columns - 1);
    const Move move{i / columns, span * (share - 1)};
    MoveLatents(row, directions, {&move, 1}, parts);
    std::ranges::copy(row.floats(), out.floats().subspan(static_cast<size_t>(i * width)).begin());
  }
  return out;
}

}  // namespace gan::core
