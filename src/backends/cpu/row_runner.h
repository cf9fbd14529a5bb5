// Runs a row program: the CPU op that a stretch of the graph becomes.
#ifndef GAN_BACKENDS_CPU_ROW_RUNNER_H_
#define GAN_BACKENDS_CPU_ROW_RUNNER_H_

#include <memory>
#include <vector>

#include "backends/cpu/cpu_op.h"
#include "backends/cpu/passes.h"
#include "backends/cpu/row_plan.h"
#include "backends/cpu/row_program.h"

namespace gan::core {

// Its inputs are those of the program, in order.
std::unique_ptr<CpuOp> MakeRowOp(RowProgram program, const CpuPasses& passes);

}  // namespace gan::core

#endif  // GAN_BACKENDS_CPU_ROW_RUNNER_H_
