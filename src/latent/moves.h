// Latents moved along directions.
#ifndef GAN_LATENT_MOVES_H_
#define GAN_LATENT_MOVES_H_

#include <cstdint>
#include <span>

#include "models/styles.h"
#include "tensor/tensor.h"

namespace gan::core {

struct Move {
  int64_t direction = 0;  // its row
  double by = 0;          // so many times
};

// Adds directions [K, size] to every row of `latents` [n, parts * size]: to its parts from
// `parts.first` to `parts.last` (of styles: the layers; of random numbers: part 0). Error kUsage: a
// direction that is not there, or no finite step. Requires the parts to be there.
void MoveLatents(Tensor& latents, const Tensor& directions, std::span<const Move> moves,
                 const LayerRange& parts);

// `start` [1, parts * size] moved along each direction in turn: a row of `columns` steps from -span
// to span for each, [K * columns, parts * size].
Tensor Walks(const Tensor& start, const Tensor& directions, int64_t columns, double span,
             const LayerRange& parts);

}  // namespace gan::core

#endif  // GAN_LATENT_MOVES_H_
