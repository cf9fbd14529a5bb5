#include "base/system.h"

#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <limits>

namespace gan::core {
namespace {

// Bytes of a "Key:   123 kB" line in a /proc file, 0 if absent.
uint64_t ProcField(const char* file, const std::string& key) {
  std::ifstream in(file);
  std::string line;
  while (std::getline(in, line)) {
    if (line.rfind(key, 0) == 0)
      return std::strtoull(line.c_str() + key.size(), nullptr, 10) * 1024;
  }
  return 0;
}

// A number in a control group's file; the largest number where there is none or it says "max".
uint64_t ControlGroupValue(const char* file) {
  uint64_t value = 0;
  std::ifstream in(file);
  return in >> value ? value : std::numeric_limits<uint64_t>::max();
}

}  // namespace

uint64_t TotalMemory() {
  return std::min(ProcField("/proc/meminfo", "MemTotal:"),
                  ControlGroupValue("/sys/fs/cgroup/memory.max"));
}

uint64_t AvailableMemory() {
  const uint64_t machine = ProcField("/proc/meminfo", "MemAvailable:");
  const uint64_t limit = ControlGroupValue("/sys/fs/cgroup/memory.max");
  const uint64_t used = ControlGroupValue("/sys/fs/cgroup/memory.current");
  if (limit == std::numeric_limits<uint64_t>::max() || used > limit) return machine;
  return std::min(machine, limit - used);
}

uint64_t PeakResidentMemory() {
  struct rusage usage {};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<uint64_t>(usage.ru_maxrss) * 1024;
}

std::string ProcessorName() {
  std::ifstream in("/proc/cpuinfo");
  std::string line;
  while (std::getline(in, line)) {
    if (line.rfind("model name", 0) == 0) {
      const size_t colon = line.find(": ");
      if (colon != std::string::npos) return line.substr(colon + 2);
    }
  }
  return "unknown";
}

}  // namespace gan::core
