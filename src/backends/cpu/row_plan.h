// In which order the steps of a row program run, a few rows at a time, and where everything lies.
//
// Steps that stand in one group go down the picture together: of a value that only they use, a ring
// of rows is enough, and what one step writes the next reads from cache. Filters are transformed
// when their group begins. Values that several groups use are whole.
#ifndef GAN_BACKENDS_CPU_ROW_PLAN_H_
#define GAN_BACKENDS_CPU_ROW_PLAN_H_

#include <cstdint>
#include <span>
#include <vector>

#include "backends/cpu/passes.h"
#include "backends/cpu/row_program.h"
#include "kernels/winograd.h"

namespace gan::core {

// Of a value: sizes, and the memory it has.
struct RowStorage {
  int64_t pictures = 1, channels = 0, height = 0, width = 0;
  int64_t pixel = 0;    // floats of a pixel: channels padded to whole vectors
  int64_t held = 0;     // rows in memory; 0 for a value that nothing makes any more
  uint64_t offset = 0;  // bytes from the beginning of the workspace

  int64_t rows() const { return pictures * height; }
  int64_t row_floats() const { return width * pixel; }
};

// Rows [begin, end) of what a step makes, counted over all pictures.
struct RowTurn {
  size_t step = 0;
  int64_t begin = 0, end = 0;
};

struct RowGroup {
  size_t begin = 0, end = 0;  // steps
  std::vector<RowTurn> turns;
};

struct RowPlan {
  std::vector<RowStorage> values;
  std::vector<RowGroup> groups;
  std::vector<uint64_t> filters;               // bytes to each step's transformed filters
  std::vector<kernels::WinogradShape> shapes;  // of each step that convolves
  uint64_t scratch = 0;                        // bytes to the threads' scratch
  uint64_t scratch_bytes = 0;                  // of one thread
  uint64_t bytes = 0;                          // of the whole workspace
};

// inputs: sizes of the program's inputs. lanes: channels are padded to a multiple of it.
RowPlan PlanRows(const RowProgram& program, std::span<const Shape> inputs, int64_t lanes,
                 int threads, const CpuPasses& passes);

// Tiles of a convolution that a thread works on at a time.
int64_t TilesAtATime(const kernels::WinogradShape& shape);

}  // namespace gan::core

#endif  // GAN_BACKENDS_CPU_ROW_PLAN_H_
