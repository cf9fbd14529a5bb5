// From the engine options of the public interface to a backend that runs.
#ifndef GAN_API_ENGINE_H_
#define GAN_API_ENGINE_H_

#include <cstdint>
#include <memory>

#include "base/thread_pool.h"
#include "gan/engine.h"
#include "runtime/backend.h"

namespace gan::core {

// A backend with the threads it works on.
struct Engine {
  explicit Engine(const EngineOptions& options);

  ThreadPool pool;
  std::unique_ptr<Backend> backend;
};

// Bytes that a job may take now.
uint64_t MemoryBudget(const EngineOptions& options);

// Makes the CPU target asked for the current one. Error kUsage when it is not there.
void ChooseTarget(const EngineOptions& options);

}  // namespace gan::core

#endif  // GAN_API_ENGINE_H_
