// The CPU engine.
#ifndef GAN_BACKENDS_CPU_BACKEND_H_
#define GAN_BACKENDS_CPU_BACKEND_H_

#include <memory>

#include "base/thread_pool.h"
#include "runtime/backend.h"

namespace gan::core {

// Runs graphs with src/kernels on the threads of `pool`, which must outlive the backend and all
// that it compiles. Results do not depend on the number of threads. The CPU target is the one that
// kernels::SetTarget chose.
std::unique_ptr<Backend> MakeCpuBackend(ThreadPool& pool);

}  // namespace gan::core

#endif  // GAN_BACKENDS_CPU_BACKEND_H_
