// Pictures to features: what every figure is computed on.
#ifndef GAN_METRICS_FEATURE_EXTRACTOR_H_
#define GAN_METRICS_FEATURE_EXTRACTOR_H_

#include <cstdint>
#include <memory>
#include <string>

#include "base/progress.h"
#include "metrics/picture_resize.h"
#include "metrics/picture_source.h"
#include "models/feature_model.h"
#include "runtime/backend.h"

namespace gan::core {

struct Features {
  Tensor values;         // [n, F]
  Tensor probabilities;  // [n, classes], each row summing to 1; no rows without a classifier
};

// Runs a feature network on pictures of any size and number of channels. Each picture is first
// clamped and rounded to 8 bits, so that a generator is judged as its saved pictures would be; then
// brought to the network's channels (alpha laid on white, grey repeated, RGB to grey by Rec. 601
// luma) and to its size.
//
// Thread safety: one call at a time.
class FeatureExtractor {
 public:
  // The backend must outlive this.
  FeatureExtractor(FeatureModel model, Backend& backend, Resizer resizer);

  const std::string& name() const { return model_.name; }  // "Inception-v3 (TF port)"
  int64_t size() const { return features_; }               // F
  int64_t classes() const { return classes_; }             // 0: does not classify
  Resizer resizer() const { return resizer_; }
  // Of the network's weights.
  uint64_t fingerprint() const { return fingerprint_; }
  // What was done to pictures [C, H, W] before they were looked at: "28x28, resize none",
  // "resize bilinear to 299x299, grey as RGB".
  std::string Preparation(const Shape& picture) const;

  // Of pictures [first, first + count) of a source. Error kBadData as of TakePictures, or when the
  // network gives what is not finite; kInterrupted.
  Features Extract(const PictureSource& source, int64_t first, int64_t count,
                   const CancelFlag* cancel = nullptr);

  // Pictures [n, C, H, W] in [-1, 1] as the network gets them.
  Tensor Prepare(const Tensor& pictures) const;

 private:
  void RunBatch(const Tensor& pictures, int64_t row, Features& out);

  FeatureModel model_;
  std::unique_ptr<Executable> executable_;
  Resizer resizer_;
  int64_t channels_ = 0, side_ = 0, features_ = 0, classes_ = 0;
  uint64_t fingerprint_ = 0;
};

// The network by the name a recipe or an option gives: "glyphs" (or "auto") for the classifier of
// small grey pictures that is shipped with the program, "pixels" for the 12 x 12 RGB values of a
// small copy, else the path of a weights file.
// Error kNoInput: not there; kBadData: as of DetectFeatureModel.
FeatureModel LoadFeatureModel(const std::string& features);

}  // namespace gan::core

#endif  // GAN_METRICS_FEATURE_EXTRACTOR_H_
