// LibTorch as a backend: the oracle that every other one is tested against.
#ifndef GAN_BACKENDS_TORCH_BACKEND_H_
#define GAN_BACKENDS_TORCH_BACKEND_H_

#include <memory>

#include "runtime/backend.h"
#include "runtime/plugin.h"

namespace gan::core {

// Error kUsage for a device that is neither "cpu" nor "cuda" nor "cuda:N", kConfiguration for one
// that this LibTorch or this machine does not have.
//
// Executables of one backend share LibTorch's own pool of threads.
std::unique_ptr<Backend> MakeTorchBackend(const PluginOptions& options);

}  // namespace gan::core

#endif  // GAN_BACKENDS_TORCH_BACKEND_H_
