#include "memory_meter.h"

#include <malloc.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>

// glibc's own functions, which the ones below replace in this program.
extern "C" {
void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);
void* __libc_memalign(size_t, size_t);
void __libc_free(void*);
}

namespace gan::core::fuzz {
namespace {

std::atomic<size_t> allocated{0};
std::atomic<size_t> peak{0};
std::atomic<uint64_t> until_failure{0};
std::atomic<bool> failed{false};

// Whether this allocation is the one that is to fail.
bool Fails() {
  if (until_failure.load(std::memory_order_relaxed) == 0) return false;
  if (until_failure.fetch_sub(1) != 1) return false;
  failed = true;
  errno = ENOMEM;
  return true;
}

void* Counted(void* memory) {
  if (memory == nullptr) return nullptr;
  const size_t now = allocated += malloc_usable_size(memory);
  size_t before = peak.load();
  while (before < now && !peak.compare_exchange_weak(before, now)) {
  }
  return memory;
}

void Discount(void* memory) {
  if (memory != nullptr) allocated -= malloc_usable_size(memory);
}

}  // namespace

bool MemoryMeterWorks() { return true; }
size_t AllocatedBytes() { return allocated; }
void ResetPeakAllocation() { peak = allocated.load(); }
size_t PeakAllocatedBytes() { return peak; }

void FailAllocation(uint64_t n) {
  failed = false;
  until_failure = n;
}

bool AllocationFailed() { return failed; }

}  // namespace gan::core::fuzz

// NOLINTBEGIN(readability-inconsistent-declaration-parameter-name)
#define GAN_EXPORT extern "C" __attribute__((visibility("default")))

GAN_EXPORT void* malloc(size_t size) noexcept {
  using namespace gan::core::fuzz;
  return Fails() ? nullptr : Counted(__libc_malloc(size));
}

GAN_EXPORT void* calloc(size_t count, size_t size) noexcept {
  using namespace gan::core::fuzz;
  return Fails() ? nullptr : Counted(__libc_calloc(count, size));
}

GAN_EXPORT void* realloc(void* memory, size_t size) noexcept {
  using namespace gan::core::fuzz;
  if (Fails()) return nullptr;
  const size_t before = memory == nullptr ? 0 : malloc_usable_size(memory);
  void* out = __libc_realloc(memory, size);
  if (out == nullptr && size != 0) return nullptr;
  allocated -= before;
  return Counted(out);
}

GAN_EXPORT void* memalign(size_t alignment, size_t size) noexcept {
  using namespace gan::core::fuzz;
  return Fails() ? nullptr : Counted(__libc_memalign(alignment, size));
}

GAN_EXPORT void* aligned_alloc(size_t alignment, size_t size) noexcept {
  return memalign(alignment, size);
}

GAN_EXPORT int posix_memalign(void** out, size_t alignment, size_t size) noexcept {
  *out = memalign(alignment, size);
  return *out == nullptr ? ENOMEM : 0;
}

GAN_EXPORT void free(void* memory) noexcept {
  gan::core::fuzz::Discount(memory);
  __libc_free(memory);
}
// NOLINTEND(readability-inconsistent-declaration-parameter-name)
