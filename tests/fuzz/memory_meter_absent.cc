// For builds with sanitizers.
#include "memory_meter.h"

namespace gan::core::fuzz {

bool MemoryMeterWorks() { return false; }
size_t AllocatedBytes() { return 0; }
void ResetPeakAllocation() {}
size_t PeakAllocatedBytes() { return 0; }
void FailAllocation(uint64_t /*n*/) {}
bool AllocationFailed() { return false; }

}  // namespace gan::core::fuzz
