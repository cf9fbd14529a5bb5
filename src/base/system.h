// What the machine has and what this process uses.
#ifndef GAN_BASE_SYSTEM_H_
#define GAN_BASE_SYSTEM_H_

#include <cstdint>
#include <string>

namespace gan::core {

uint64_t TotalMemory();         // bytes this process may use (machine, or its control group)
uint64_t AvailableMemory();     // bytes that can be had now without swapping
uint64_t PeakResidentMemory();  // bytes, since the process began
std::string ProcessorName();    // as the kernel prints it, "unknown" if it does not

}  // namespace gan::core

#endif  // GAN_BASE_SYSTEM_H_
