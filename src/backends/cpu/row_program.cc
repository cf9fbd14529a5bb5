#include "backends/cpu/row_program.h"

#include <algorithm>

namespace gan::core {

int RowProgram::Readers(int value) const {
  int count = 0;
  for (const RowStep& step : steps) {
    count += static_cast<int>(std::ranges::count(step.inputs, value));
    count += static_cast<int>(std::ranges::count(step.ops, value, &RowOp::other));
  }
  return count;
}

}  // namespace gan::core
