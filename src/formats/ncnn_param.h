// The text of an ncnn .param file as layers with options; knows nothing of what layers mean.
//
//   7767517
//   <layers> <blobs>
//   <type> <name> <inputs> <outputs> <input names...> <output names...> <key>=<value>...
//
// A value is a number, "quoted" text, or a list: <key>=<item>,<item>... or, as older writers have
// it, <-23300 - key>=<count>,<item>,<item>...
#ifndef GAN_FORMATS_NCNN_PARAM_H_
#define GAN_FORMATS_NCNN_PARAM_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "formats/limits.h"
#include "graph/operand.h"

namespace gan::core {

// Looks at the text it was parsed from, which must outlive it.
struct NcnnLayer {
  struct Option {
    int key;
    std::string_view value;  // without the count of older lists
  };

  std::string_view file;
  size_t line = 0;  // from 1
  std::string_view type;
  std::string_view name;
  std::vector<std::string_view> inputs;
  std::vector<std::string_view> outputs;
  std::vector<Option> options;  // keys are unique

  bool Has(int key) const { return Find(key) != nullptr; }
  // `usual` when the option is not given. Error kBadData when it is no number of this kind, or
  // outside [low, high].
  int64_t Int(int key, int64_t usual, int64_t low = -(int64_t{1} << 31),
              int64_t high = int64_t{1} << 31) const;
  float Float(int key, float usual) const;
  // {} when not given.
  std::vector<int64_t> Ints(int key) const;
  std::vector<float> Floats(int key) const;

  // Width under one key, height under another, which is as the width when not given.
  Size2d Size(int width_key, int height_key, int64_t usual, int64_t low = 1) const;
  // `right` is as `left` when not given, `top` as `left`, `bottom` as `top`.
  Padding2d Padding(int left_key, int right_key, int top_key, int bottom_key) const;

  template <class... Args>
  [[noreturn]] void FailHere(fmt::format_string<Args...> text, Args&&... args) const {
    Fail(ErrorCode::kBadData, file, "line {}, {} \"{}\": {}", line, Printable(type),
         Printable(name), fmt::format(text, std::forward<Args>(args)...));
  }

 private:
  const Option* Find(int key) const;
};

// Error kBadData naming file and line.
std::vector<NcnnLayer> ParseNcnnParam(std::string_view file, std::string_view text,
                                      const Limits& limits);

}  // namespace gan::core

#endif  // GAN_FORMATS_NCNN_PARAM_H_
