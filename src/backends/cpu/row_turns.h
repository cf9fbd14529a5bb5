// The order of the rows of a group: who may go how far, and how many rows of each value are needed
// at a time.
#ifndef GAN_BACKENDS_CPU_ROW_TURNS_H_
#define GAN_BACKENDS_CPU_ROW_TURNS_H_

#include "backends/cpu/row_plan.h"

namespace gan::core {

// Fills in the turns of a group in `bands` parts, and `held` of the values that it makes. Values
// from before the group are all there.
void PlanTurns(const RowProgram& program, int64_t bands, RowPlan& plan, RowGroup& group);

}  // namespace gan::core

#endif  // GAN_BACKENDS_CPU_ROW_TURNS_H_
