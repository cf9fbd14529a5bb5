// Batches of pictures, made ready ahead by threads of their own.
#ifndef GAN_DATA_BATCH_FEED_H_
#define GAN_DATA_BATCH_FEED_H_

#include <cstdint>
#include <memory>
#include <span>

#include "data/dataset.h"

namespace gan::core {

// The same batches for every number of threads, and one after another the parts of all ranks are
// the batches of a single process.
//
// Thread safety: Next() from one thread at a time.
class BatchFeed {
 public:
  // Of this process: the part of the batch that starts at picture rank * B, where B = batch /
  // world.
  struct Batch {
    std::span<const float> pictures;  // [B, channels, height, width], from -1 to 1
    std::span<const int32_t> labels;  // B of them, -1: none
    int64_t first_image = 0;          // pictures drawn before the whole batch
  };

  //   batch        pictures of all processes together
  //   seed         of the order of the pictures, and of mirroring
  //   first_image  pictures drawn before, by all processes together
  //   mirror       half of the drawings, left and right exchanged
  //   threads      that prepare batches; 0: Next() does it itself
  //   rank, world  this process and how many there are, which share each batch evenly
  //
  // Error kUsage: a batch below 1 or that the processes cannot share evenly, a rank out of range.
  BatchFeed(Dataset dataset, int64_t batch, uint64_t seed, int64_t first_image, bool mirror,
            int threads, int rank = 0, int world = 1);
  ~BatchFeed();
  BatchFeed(const BatchFeed&) = delete;
  BatchFeed& operator=(const BatchFeed&) = delete;

  // Without end. What is returned stays until the next call.
  Batch Next();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gan::core

#endif  // GAN_DATA_BATCH_FEED_H_
