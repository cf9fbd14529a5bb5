// The weights of an ncnn .bin file: nothing but arrays, whose lengths the .param file knows.
//
//   array    [flag u32] elements, then zeros up to a multiple of 4 bytes
//   flag     0 or 0x0002C056: f32;  0x01306B47: f16;  0x000D4B38: int8;  else a table of 256 values
#ifndef GAN_FORMATS_NCNN_WEIGHTS_H_
#define GAN_FORMATS_NCNN_WEIGHTS_H_

#include <cstdint>
#include <vector>

#include "formats/byte_source.h"
#include "formats/checkpoint.h"
#include "formats/ncnn_param.h"

namespace gan::core {

// Reads front to back, once, but can be asked for the same arrays again after Rewind().
class NcnnWeights {
 public:
  NcnnWeights(const ByteSource& bin, const ReadOptions& options) : bin_(bin), options_(options) {}

  // The next array as f32 [elements]. Flagged arrays (convolutions' weights) may be stored as f16;
  // the others (biases, slopes) are f32. Error kBadData: not that many left, int8 or
  // table-quantised weights, NaN or infinity unless allowed.
  Tensor Next(const NcnnLayer& layer, int64_t elements, bool flagged);
  void Rewind() { next_ = 0; }

  // Error kBadData when bytes are left.
  void RequireEnd() const;

  bool half() const { return half_; }

 private:
  Tensor Read(const NcnnLayer& layer, int64_t elements, bool flagged);

  const ByteSource& bin_;
  const ReadOptions& options_;
  uint64_t offset_ = 0;
  std::vector<Tensor> arrays_;
  size_t next_ = 0;
  bool half_ = false;
};

}  // namespace gan::core

#endif  // GAN_FORMATS_NCNN_WEIGHTS_H_
