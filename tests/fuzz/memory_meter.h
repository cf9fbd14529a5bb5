// Counts what the program allocates, and lets an allocation fail. Stands in front of malloc and its
// kin, so that it sees operator new, zlib and aligned tensors alike.
#ifndef GAN_TESTS_FUZZ_MEMORY_METER_H_
#define GAN_TESTS_FUZZ_MEMORY_METER_H_

#include <cstddef>
#include <cstdint>

namespace gan::core::fuzz {

// False in a build with sanitizers, which have an allocator of their own: then nothing is counted.
bool MemoryMeterWorks();

size_t AllocatedBytes();      // now
void ResetPeakAllocation();   // begins a new peak at what is allocated now
size_t PeakAllocatedBytes();  // since then

// The `n`-th allocation from now on, counted from 1, fails; 0: none.
void FailAllocation(uint64_t n);
bool AllocationFailed();  // whether it has happened since

}  // namespace gan::core::fuzz

#endif  // GAN_TESTS_FUZZ_MEMORY_METER_H_
