// What is done to a row program before it runs, by pattern: CpuPasses switches each.
#ifndef GAN_BACKENDS_CPU_PASSES_H_
#define GAN_BACKENDS_CPU_PASSES_H_

#include "backends/cpu/backend.h"
#include "backends/cpu/row_program.h"

namespace gan::core {

// Each keeps the results of a program bit for bit, but FuseDoublings, which rounds otherwise.
// Values that nothing makes any more keep their numbers.
void JoinConcats(RowProgram& program);
void FuseMaps(RowProgram& program);
void FuseDoublings(RowProgram& program);
void ShareTransforms(RowProgram& program);

}  // namespace gan::core

#endif  // GAN_BACKENDS_CPU_PASSES_H_
