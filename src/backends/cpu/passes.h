// What is done to a row program before it runs, by pattern: CpuPasses switches each.
#ifndef GAN_BACKENDS_CPU_PASSES_H_
#define GAN_BACKENDS_CPU_PASSES_H_

#include "backends/cpu/backend.h"
#include "backends/cpu/row_program.h"

namespace gan::core {

// Each keeps the results of a program bit for bit, but FuseDoublings and EnlargeTiles, which round
// otherwise, and RoundProducts, which rounds more.
// Values that nothing makes any more keep their numbers.
void JoinConcats(RowProgram& program);
void FuseMaps(RowProgram& program);
void FuseDoublings(RowProgram& program);
// The products of Winograd's convolutions are of bf16 numbers.
void RoundProducts(RowProgram& program);
// But where products are rounded: 6x6 tiles lose 10 dB more than 4x4 ones, too much for pictures.
// Where a picture's size is not known beforehand, tiles do not depend on it: the pieces of a large
// picture must have the bits of the whole.
void EnlargeTiles(RowProgram& program, const Graph& graph);

}  // namespace gan::core

#endif  // GAN_BACKENDS_CPU_PASSES_H_
