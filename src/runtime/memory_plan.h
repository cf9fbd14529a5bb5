// Where each result of a run lives in one block of memory, decided before anything is allocated.
#ifndef GAN_RUNTIME_MEMORY_PLAN_H_
#define GAN_RUNTIME_MEMORY_PLAN_H_

#include <cstdint>
#include <span>
#include <vector>

namespace gan::core {

// Something that needs memory from step `first` to step `last`, both included.
struct Lifetime {
  uint64_t bytes = 0;
  int first = 0;
  int last = 0;
};

struct MemoryPlan {
  std::vector<uint64_t> offsets;  // one a lifetime, multiples of kAlignment
  uint64_t bytes = 0;             // size of the whole block

  static constexpr uint64_t kAlignment = 64;
};

// Places large things first, each at the lowest offset where nothing alive at the same time
// overlaps it. Deterministic. (Pisarchyk & Lee 2020, "Efficient memory management for deep neural
// net inference", greedy by size.)
MemoryPlan PlanMemory(std::span<const Lifetime> lifetimes);

}  // namespace gan::core

#endif  // GAN_RUNTIME_MEMORY_PLAN_H_
