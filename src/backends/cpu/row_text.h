// A row program in words, for people who ask what runs their network.
#ifndef GAN_BACKENDS_CPU_ROW_TEXT_H_
#define GAN_BACKENDS_CPU_ROW_TEXT_H_

#include <string>

#include "backends/cpu/row_program.h"

namespace gan::core {

// One line a step: the nodes it does the work of, its kernel and what was fused.
std::string ToString(const Graph& graph, const RowProgram& program);

}  // namespace gan::core

#endif  // GAN_BACKENDS_CPU_ROW_TEXT_H_
