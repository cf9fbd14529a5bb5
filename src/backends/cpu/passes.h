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
// Where a picture's size is not known beforehand, tiles do not depend on it: the pieces of a large
// picture must have the bits of the whole. Of rounded products, only in branches whose results are
// scaled down.
void EnlargeTiles(RowProgram& program, const Graph& graph);

}  // namespace gan::core

#endif  // GAN_BACKENDS_CPU_PASSES_H_
