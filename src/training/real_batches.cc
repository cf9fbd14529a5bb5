#include "training/real_batches.h"

#include <algorithm>

#include "base/error.h"

namespace gan::core {

at::Tensor OneHot(std::span<const int32_t> labels, int64_t classes) {
  at::Tensor out = at::zeros({static_cast<int64_t>(labels.size()), classes});
  float* row = out.data_ptr<float>();
  for (const int32_t label : labels) {
    GAN_ASSERT(label >= 0 && label < classes);
    row[label] = 1;
    row += classes;
  }
  return out;
}

RealBatches::RealBatches(const Dataset& data, const Recipe& recipe, const Processes& processes,
                         at::Device device)
    : data_(data), recipe_(recipe), processes_(processes), device_(device) {}

void RealBatches::Start(int64_t images, uint64_t salt) {
  // The old one's threads end first: two of them would fight for the cores.
  feed_.reset();
  feed_ = std::make_unique<BatchFeed>(
      data_, recipe_.train.batch, static_cast<uint64_t>(recipe_.train.seed) + (salt << 32), images,
      recipe_.data.mirror, recipe_.data.threads, processes_.rank(), processes_.count());
}

TrainingBatch RealBatches::Take() {
  const BatchFeed::Batch batch = feed_->Next();
  const int64_t rows = recipe_.train.batch / processes_.count();
  const at::Tensor view =
      at::from_blob(const_cast<float*>(batch.pictures.data()),
                    {rows, data_.channels(), data_.height(), data_.width()}, at::kFloat);
  TrainingBatch out;
  // The feed's memory is its own again at the next call.
  out.pictures = view.to(device_, at::kFloat, /*non_blocking=*/false, /*copy=*/true);
  if (recipe_.network.conditional) {
    out.labels = OneHot(batch.labels, static_cast<int64_t>(data_.classes().size())).to(device_);
  }
  return out;
}

const std::vector<TrainingBatch>& RealBatches::Next() {
  batches_.clear();
  for (int64_t i = 0; i < recipe_.train.discriminator_steps; ++i) batches_.push_back(Take());
  return batches_;
}

}  // namespace gan::core
