// Numbers that are known before a network runs, as ONNX nodes move and join them.
#ifndef GAN_FORMATS_ONNX_NUMBERS_H_
#define GAN_FORMATS_ONNX_NUMBERS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "formats/onnx_ops.h"

namespace gan::core {

// Numbers of either kind, in the order of their places.
struct OnnxNumbers {
  Shape shape;
  bool whole = false;
  bool is_fraction = false;  // whole numbers that were cast
  std::vector<Dim> sizes;    // where whole
  Tensor floats;             // f32, where not
};

// Nothing for types that exporters compute neither sizes nor weights with, and for longer lists of
// whole numbers than any list of sizes.
std::optional<OnnxNumbers> OnnxNumbersOf(const Tensor& tensor);
OnnxValue OnnxValueOf(OnnxNumbers numbers);

bool AllConstant(const std::vector<Dim>& sizes);
std::vector<int64_t> ListOf(const Shape& shape);

// What numpy calls broadcasting: the shape that all of them are repeated to.
Shape OnnxBroadcast(const std::vector<Shape>& shapes);

// Makes numbers of numbers for one node, and counts them: a small file must not ask for much
// memory. Error kBadData naming the node for what does not fit.
class OnnxNumberMaker {
 public:
  // `room`: how many numbers may still be made; is counted down.
  OnnxNumberMaker(const OnnxNode& node, uint64_t& room) : node_(node), room_(room) {}

  // Counts what is made.
  void Take(const Shape& shape, bool whole);

  // Elements of `from` by their places.
  OnnxNumbers Picked(const OnnxNumbers& from, const Shape& shape, int64_t first,
                     const Strides& strides);
  OnnxNumbers Joined(const std::vector<OnnxNumbers>& parts, size_t axis);
  OnnxNumbers Spread(const OnnxNumbers& from, const Shape& shape);                  // repeated
  OnnxNumbers Under(OnnxNumbers numbers, const std::vector<int64_t>& sizes) const;  // reshaped

 private:
  const OnnxNode& node_;
  uint64_t& room_;
};

}  // namespace gan::core

#endif  // GAN_FORMATS_ONNX_NUMBERS_H_
