// A pool of threads that lives as long as its owner, with a fixed split of work.
#ifndef GAN_BASE_THREAD_POOL_H_
#define GAN_BASE_THREAD_POOL_H_

#include <cstdint>
#include <functional>
#include <memory>

namespace gan::core {

// Runs loops on several threads. The caller is thread 0 and works too, so a pool of one starts no
// thread. Which thread does which index may vary; code that must give the same bytes for every
// thread count makes each index independent of the others.
//
// Thread safety: one loop at a time; a second caller waits. A body must not start another loop.
class ThreadPool {
 public:
  // threads: 1 or more; 0 means every processor this process may use.
  explicit ThreadPool(int threads = 0);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const { return threads_; }

  // Calls body(index, thread) for every index in [0, count), thread in [0, threads()). Indices are
  // handed out in ascending order as threads become free. The first exception thrown by a body
  // stops the handing out and is rethrown here once every thread is idle.
  void ParallelFor(int64_t count, const std::function<void(int64_t index, int thread)>& body);

  // Processors that this process may run on (affinity and control groups considered).
  static int AvailableProcessors();

 private:
  struct State;
  int threads_;
  std::unique_ptr<State> state_;
};

// Calls body(begin, end) for parts of [0, count), a few for each thread; for all of it where `pool`
// is null. Code that must give the same bytes for every thread count makes each index independent.
void ShareOut(ThreadPool* pool, int64_t count,
              const std::function<void(int64_t begin, int64_t end)>& body);

}  // namespace gan::core

#endif  // GAN_BASE_THREAD_POOL_H_
