#include "base/thread_pool.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <condition_variable>
#include <exception>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"

namespace gan::core {
namespace {

thread_local bool inside_loop = false;

// The processors that a control group grants (cgroup v2 cpu.max), 0 if it sets no limit.
int ControlGroupProcessors() {
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  std::string quota;
  double period = 0;
  if (!(file >> quota >> period) || quota == "max" || period <= 0) return 0;
  const double granted = std::strtod(quota.c_str(), nullptr) / period;
  return std::max(1, static_cast<int>(std::lround(granted)));
}

// Loops of a network follow one another within microseconds, and waking a thread that sleeps takes
// tens of them. So threads look again for about a quarter of a millisecond before they sleep: as
// long as a convolution's share of tiles takes, by which equal shares may end apart.
constexpr int kLooks = 20000;  // a pause takes some 40 cycles

void Pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

}  // namespace

struct ThreadPool::State {
  std::mutex loop_mutex;  // held for a whole ParallelFor
  std::mutex mutex;
  std::condition_variable wake;
  std::condition_variable done;
  std::vector<std::thread> workers;
  const std::function<void(int64_t, int)>* body = nullptr;
  int64_t count = 0;
  std::atomic<int64_t> next{0};
  std::atomic<uint64_t> generation{0};  // changed under `mutex`
  std::atomic<int> running{0};          // changed under `mutex`
  bool quit = false;
  int looks = 0;
  std::exception_ptr error;

  // True as soon as `ready` says so, false when it did not for a while.
  template <class Ready>
  bool LookFor(const Ready& ready) const {
    for (int i = 0; i < looks; ++i) {
      if (ready()) return true;
      Pause();
    }
    return false;
  }

  void Work(int thread) {
    inside_loop = true;
    for (;;) {
      const int64_t index = next.fetch_add(1, std::memory_order_relaxed);
      if (index >= count) break;
      try {
        (*body)(index, thread);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!error) error = std::current_exception();
        next.store(count, std::memory_order_relaxed);
      }
    }
    inside_loop = false;
  }

  void WorkerMain(int thread) {
    uint64_t seen = 0;
    for (;;) {
      LookFor([&] { return generation.load(std::memory_order_relaxed) != seen; });
      {
        std::unique_lock lock(mutex);
        wake.wait(lock, [&] { return quit || generation != seen; });
        if (quit) return;
        seen = generation;
      }
      Work(thread);
      const std::lock_guard lock(mutex);
      if (--running == 0) done.notify_one();
    }
  }
};

int ThreadPool::AvailableProcessors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  int processors = sched_getaffinity(0, sizeof set, &set) == 0
                       ? CPU_COUNT(&set)
                       : static_cast<int>(std::thread::hardware_concurrency());
  const int granted = ControlGroupProcessors();
  if (granted > 0) processors = std::min(processors, granted);
  return std::max(1, processors);
}

ThreadPool::ThreadPool(int threads)
    : threads_(threads == 0 ? AvailableProcessors() : threads), state_(new State) {
  GAN_ASSERT(threads >= 0);
  // More threads than processors would only keep each other from working.
  if (threads_ <= AvailableProcessors()) state_->looks = kLooks;
  for (int i = 1; i < threads_; ++i) {
    state_->workers.emplace_back([state = state_.get(), i] { state->WorkerMain(i); });
  }
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->quit = true;
  }
  state_->wake.notify_all();
  for (std::thread& worker : state_->workers) worker.join();
}

void ThreadPool::ParallelFor(int64_t count,
                             const std::function<void(int64_t index, int thread)>& body) {
  GAN_ASSERT(!inside_loop);
  if (count <= 0) return;
  if (threads_ == 1) {
    const std::lock_guard loop(state_->loop_mutex);
    for (int64_t i = 0; i < count; ++i) body(i, 0);
    return;
  }
  State& s = *state_;
  const std::lock_guard loop(s.loop_mutex);
  {
    const std::lock_guard lock(s.mutex);
    s.body = &body;
    s.count = count;
    s.next.store(0, std::memory_order_relaxed);
    s.error = nullptr;
    s.running = threads_ - 1;
    ++s.generation;
  }
  s.wake.notify_all();
  s.Work(0);
  s.LookFor([&] { return s.running.load(std::memory_order_relaxed) == 0; });
  std::unique_lock lock(s.mutex);
  s.done.wait(lock, [&] { return s.running == 0; });
  s.body = nullptr;
  if (s.error) std::rethrow_exception(s.error);
}

void ShareOut(ThreadPool* pool, int64_t count,
              const std::function<void(int64_t begin, int64_t end)>& body) {
  constexpr int64_t kPartsPerThread =
      4;  // so that a thread that is held up leaves others its parts
  const int64_t threads = pool == nullptr ? 1 : pool->threads();
  const int64_t parts = threads == 1 ? 1 : std::min(count, kPartsPerThread * threads);
  if (count <= 0) return;
  if (parts == 1) return body(0, count);
  pool->ParallelFor(
      parts, [&](int64_t part, int) { body(count * part / parts, count * (part + 1) / parts); });
}

}  // namespace gan::core
