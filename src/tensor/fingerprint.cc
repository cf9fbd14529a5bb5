#include "tensor/fingerprint.h"

#include <fmt/format.h>

#define XXH_INLINE_ALL  // the header alone: nothing to link
#include <xxhash.h>

#include <memory>
#include <new>

namespace gan::core {

std::string FingerprintOf(const NamedTensors& tensors) {
  const auto free_state = [](XXH3_state_t* state) { XXH3_freeState(state); };
  const std::unique_ptr<XXH3_state_t, decltype(free_state)> state(XXH3_createState(), free_state);
  if (!state) throw std::bad_alloc();
  XXH3_128bits_reset(state.get());
  for (const auto& [name, tensor] : tensors) {
    // Lengths before contents, so that no two lists give the same bytes.
    const std::string head = fmt::format("{} {} {} {}\n", name.size(), name, NameOf(tensor.dtype()),
                                         tensor.shape().ToString());
    XXH3_128bits_update(state.get(), head.data(), head.size());
    XXH3_128bits_update(state.get(), tensor.raw().data(), tensor.raw().size());
  }
  const XXH128_hash_t hash = XXH3_128bits_digest(state.get());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace gan::core
