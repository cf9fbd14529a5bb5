#include "api/engine.h"

#include "backends/cpu/backend.h"
#include "base/system.h"
#include "kernels/target.h"
#include "runtime/plugin.h"

namespace gan::core {
namespace {

std::unique_ptr<Backend> MakeBackend(const EngineOptions& options, ThreadPool& pool) {
  switch (options.device) {
    case Device::kTorch: return LoadBackendPlugin("torch", {.threads = pool.threads()});
    case Device::kCpu: break;
  }
  ChooseTarget(options);
  return MakeCpuBackend(pool);
}

}  // namespace

Engine::Engine(const EngineOptions& options)
    : pool(options.threads), backend(MakeBackend(options, pool)) {}

uint64_t MemoryBudget(const EngineOptions& options) {
  // The rest is for the system's file cache and for what grows meanwhile.
  return options.max_memory != 0 ? options.max_memory : AvailableMemory() / 4 * 3;
}

void ChooseTarget(const EngineOptions& options) {
  if (!options.cpu_target.empty()) kernels::SetTarget(options.cpu_target);
}

}  // namespace gan::core
