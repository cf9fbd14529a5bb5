#include "data/batch_feed.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"
#include "data/picture_order.h"

namespace gan::core {
namespace {

struct FeedOptions {
  int64_t batch;
  uint64_t seed;
  int64_t first_image;
  bool mirror;
  int threads, rank, world;
};

// Batch number n lies in slot n % slots, from when a thread begins to fill it until the one after
// it is asked for.
struct Slot {
  int64_t number = -1;  // of the batch that is ready in it
  std::vector<float> pictures;
  std::vector<int32_t> labels;
};

void Mirror(std::span<float> picture, int64_t width) {
  for (size_t row = 0; row < picture.size(); row += static_cast<size_t>(width)) {
    std::ranges::reverse(picture.subspan(row, static_cast<size_t>(width)));
  }
}

void CheckOptions(const FeedOptions& options) {
  if (options.world < 1 || options.rank < 0 || options.rank >= options.world) {
    Fail(ErrorCode::kUsage, "batch", "wants a rank below the number of processes, got {} of {}",
         options.rank, options.world);
  }
  if (options.batch < 1 || options.batch % options.world != 0) {
    Fail(ErrorCode::kUsage, "batch", "of {} pictures cannot be shared evenly by {} process(es)",
         options.batch, options.world);
  }
  if (options.threads < 0 || options.first_image < 0) {
    Fail(ErrorCode::kUsage, "batch",
         "wants 0 threads or more and a first picture from 0, got {}, "
         "{}",
         options.threads, options.first_image);
  }
}

}  // namespace

struct BatchFeed::State {
  State(Dataset data, const FeedOptions& wanted)
      : dataset(std::move(data)),
        options(wanted),
        own(wanted.batch / wanted.world),
        order(dataset.count(), wanted.seed),
        // One being read, one ready, and one for each thread to fill.
        slots(wanted.threads == 0 ? 1 : static_cast<size_t>(wanted.threads) + 2) {
    for (Slot& slot : slots) {
      slot.pictures.resize(static_cast<size_t>(own * dataset.elements()));
      slot.labels.resize(static_cast<size_t>(own));
    }
  }

  Slot& SlotOf(int64_t number) { return slots[static_cast<size_t>(number) % slots.size()]; }

  void Fill(int64_t number, Slot& slot) {
    const auto elements = static_cast<size_t>(dataset.elements());
    const int64_t first = options.first_image + number * options.batch + options.rank * own;
    for (int64_t i = 0; i < own; ++i) {
      const int64_t picture = order.At(first + i);
      const auto out =
          std::span(slot.pictures).subspan(static_cast<size_t>(i) * elements, elements);
      dataset.Read(picture, out);
      if (options.mirror && order.Mirrored(first + i)) Mirror(out, dataset.width());
      slot.labels[static_cast<size_t>(i)] = dataset.Label(picture);
    }
  }

  void Work() {
    std::unique_lock lock(mutex);
    for (;;) {
      wake.wait(lock, [&] {
        return quit || next_to_fill < next_to_read + static_cast<int64_t>(slots.size()) - 1;
      });
      if (quit) return;
      const int64_t number = next_to_fill++;
      Slot& slot = SlotOf(number);
      lock.unlock();
      std::exception_ptr trouble;
      try {
        Fill(number, slot);
      } catch (...) {
        trouble = std::current_exception();
      }
      lock.lock();
      if (trouble && !error) error = trouble;
      slot.number = number;
      ready.notify_all();
    }
  }

  Dataset dataset;
  FeedOptions options;
  int64_t own;  // pictures of this process in a batch
  PictureOrder order;
  std::vector<Slot> slots;
  std::mutex mutex;
  std::condition_variable wake, ready;
  int64_t next_to_fill = 0;
  int64_t next_to_read = 0;
  bool quit = false;
  std::exception_ptr error;
  std::vector<std::thread> threads;
};

BatchFeed::BatchFeed(Dataset dataset, int64_t batch, uint64_t seed, int64_t first_image,
                     bool mirror, int threads, int rank, int world) {
  const FeedOptions options{batch, seed, first_image, mirror, threads, rank, world};
  CheckOptions(options);
  state_ = std::make_unique<State>(std::move(dataset), options);
  for (int i = 0; i < threads; ++i) {
    state_->threads.emplace_back([state = state_.get()] { state->Work(); });
  }
}

BatchFeed::~BatchFeed() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->quit = true;
  }
  state_->wake.notify_all();
  for (std::thread& thread : state_->threads) thread.join();
}

BatchFeed::Batch BatchFeed::Next() {
  State& s = *state_;
  const int64_t number = s.next_to_read;
  Slot& slot = s.SlotOf(number);
  if (s.threads.empty()) {
    s.Fill(number, slot);
    ++s.next_to_read;
  } else {
    std::unique_lock lock(s.mutex);
    s.ready.wait(lock, [&] { return s.error || slot.number == number; });
    if (s.error) std::rethrow_exception(s.error);
    // What the call before this one returned may be filled again from here on.
    ++s.next_to_read;
    s.wake.notify_all();
  }
  return {slot.pictures, slot.labels, s.options.first_image + number * s.options.batch};
}

}  // namespace gan::core
