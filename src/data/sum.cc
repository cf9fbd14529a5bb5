#include "data/sum.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace gan::core {

struct Sum::State {
  XXH3_state_t state;  // aligned to 64 bytes, which new respects
};

Sum::Sum() : state_(std::make_unique<State>()) { XXH3_64bits_reset(&state_->state); }
Sum::~Sum() = default;

void Sum::Add(std::span<const std::byte> bytes) {
  if (!bytes.empty()) XXH3_64bits_update(&state_->state, bytes.data(), bytes.size());
}

uint64_t Sum::Value() const { return XXH3_64bits_digest(&state_->state); }

uint64_t SumOf(std::span<const std::byte> bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

uint64_t SumOf(std::string_view text) { return SumOf(std::as_bytes(std::span(text))); }

}  // namespace gan::core
