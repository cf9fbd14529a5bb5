// What an op sees of its inputs when the graph is built, and what it answers.
#ifndef GAN_GRAPH_OPERAND_H_
#define GAN_GRAPH_OPERAND_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "graph/dim.h"
#include "tensor/shape.h"

namespace gan::core {

// Sizes of a value while the graph is built: [N, C, H, W] or [N, C], C always constant.
using SymbolicShape = std::vector<Dim>;
std::string ToString(const SymbolicShape& shape);
Shape Evaluate(const SymbolicShape& shape, const Bindings& bindings);

struct Size2d {
  int64_t h = 1, w = 1;
  bool operator==(const Size2d&) const = default;
};

struct Padding2d {
  int64_t top = 0, left = 0, bottom = 0, right = 0;
  bool operator==(const Padding2d&) const = default;
};

enum class SpatialAxis { kHeight = 2, kWidth = 3 };

// Which input pixels an op needs along one axis: output pixel o reads from
// floor((o * num + low) / den) to floor((o * num + high) / den), or everything.
struct Window {
  int64_t num = 1, den = 1, low = 0, high = 0;
  bool everything = false;
};

// One input of an op: its name for messages, and its sizes.
struct Operand {
  std::string_view name;
  const SymbolicShape* shape;
};

// The inputs of an op being added, with checks that fail in one voice:
// `[conv2d] "conv_first.weight" wants ..., got [...]`.
class Operands {
 public:
  Operands(std::string_view op, std::span<const Operand> inputs) : op_(op), inputs_(inputs) {}

  size_t size() const { return inputs_.size(); }
  const SymbolicShape& shape(size_t i) const { return *inputs_[i].shape; }
  std::string_view name(size_t i) const { return inputs_[i].name; }

  void RequireCount(size_t low, size_t high) const;
  void RequireRank(size_t i, size_t rank) const;
  // The constant size of axis `axis` of input i; fails when it is symbolic.
  int64_t RequireConstant(size_t i, size_t axis) const;
  // Input i must have exactly these constant sizes.
  void RequireShape(size_t i, std::initializer_list<int64_t> sizes) const;
  // Attributes that must be within [low, high].
  void RequireAttribute(std::string_view attribute, int64_t value, int64_t low,
                        int64_t high = int64_t{1} << 31) const;
  // Both sizes of a window, step or scale from 1 to 65536; every side of a border from 0 to that.
  void RequireSize(std::string_view attribute, const Size2d& size) const;
  void RequirePadding(const Padding2d& padding) const;

  template <class... Args>
  [[noreturn]] void FailAt(size_t i, fmt::format_string<Args...> text, Args&&... args) const {
    Fail(ErrorCode::kBadData, op_, "\"{}\" {}", Printable(name(i)),
         fmt::format(text, std::forward<Args>(args)...));
  }

 private:
  std::string_view op_;
  std::span<const Operand> inputs_;
};

// A size after a sliding window; fails where a constant size would come out below 1.
Dim SlideWindow(const Operands& in, const Dim& size, int64_t padding, int64_t kernel,
                int64_t stride, int64_t dilation);

}  // namespace gan::core

#endif  // GAN_GRAPH_OPERAND_H_
