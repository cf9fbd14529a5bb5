#include "api/engine.h"

#include "backends/cpu/backend.h"
#include "base/error.h"
#include "base/log.h"
#include "base/system.h"
#include "kernels/target.h"
#include "kernels/winograd.h"
#include "runtime/plugin.h"

namespace gan::core {
namespace {

std::unique_ptr<Backend> MakeBackend(const EngineOptions& options, ThreadPool& pool) {
  const bool bf16 = options.precision == Precision::kBf16;
  switch (options.device) {
    case Device::kTorch:
      if (bf16) {
        Fail(ErrorCode::kUsage, "precision",
             "bf16 is of the CPU engine: LibTorch runs in fp32 here");
      }
      return LoadBackendPlugin("torch", {.threads = pool.threads()});
    case Device::kCpu: break;
  }
  ChooseTarget(options);
  if (bf16 && kernels::Bf16Numbers() != kernels::WinogradNumbers::kPairs) {
    Log().info("no AVX-512 BF16 here: --precision bf16 rounds, and is no faster");
  }
  return MakeCpuBackend(pool, {.bf16 = bf16});
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
