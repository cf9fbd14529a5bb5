// Finds the stretches of a graph that run on rows of pixels, and turns them into programs.
#ifndef GAN_BACKENDS_CPU_ROW_LOWERING_H_
#define GAN_BACKENDS_CPU_ROW_LOWERING_H_

#include <string>
#include <vector>

#include "backends/cpu/passes.h"
#include "backends/cpu/row_program.h"
#include "backends/cpu/weight_supply.h"

namespace gan::core {

// Nodes [begin, end) of a graph, of which one result is read elsewhere.
struct RowStretch {
  size_t begin = 0, end = 0;
  ValueId output{};
};

// Why a node cannot stand in a stretch; empty when it can.
std::string RowDecline(const Graph& graph, const Node& node);

// The longest stretches that hold a convolution, in order, none touching another.
std::vector<RowStretch> FindRowStretches(const Graph& graph);

// The program of a stretch, passes done. Takes the weights of its nodes.
RowProgram LowerToRows(const Graph& graph, const RowStretch& stretch, WeightSupply& weights,
                       const CpuPasses& passes);

}  // namespace gan::core

#endif  // GAN_BACKENDS_CPU_ROW_LOWERING_H_
