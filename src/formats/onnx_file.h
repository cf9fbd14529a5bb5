// An ONNX file taken apart: nodes, weights, inputs and outputs, none of them understood yet.
#ifndef GAN_FORMATS_ONNX_FILE_H_
#define GAN_FORMATS_ONNX_FILE_H_

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "formats/byte_source.h"
#include "formats/checkpoint.h"
#include "tensor/tensor.h"

namespace gan::core {

struct OnnxAttribute {
  std::optional<float> number;
  std::optional<int64_t> integer;
  std::string text;
  std::optional<Tensor> tensor;
  std::vector<int64_t> integers;
  std::vector<float> numbers;
};

struct OnnxNode {
  std::string file;                 // printable, for messages
  std::string name;                 // "" where it has none
  std::string op;                   // "Conv"
  std::vector<std::string> inputs;  // "" for those left out
  std::vector<std::string> outputs;
  std::map<std::string, OnnxAttribute, std::less<>> attributes;

  // The attribute, or what stands for it when it is absent. Error kBadData: of another kind.
  int64_t Int(std::string_view attribute, int64_t absent) const;
  float Float(std::string_view attribute, float absent) const;
  std::string Text(std::string_view attribute, std::string_view absent) const;
  std::vector<int64_t> Ints(std::string_view attribute, std::vector<int64_t> absent = {}) const;

  template <class... Args>
  [[noreturn]] void FailHere(fmt::format_string<Args...> text, Args&&... args) const {
    Fail(ErrorCode::kBadData, file, "node \"{}\" ({}) {}",
         Printable(name.empty() && !outputs.empty() ? outputs[0] : name), Printable(op),
         fmt::format(text, std::forward<Args>(args)...));
  }
};

struct OnnxInput {
  std::string name;
  std::vector<int64_t> sizes;  // -1 where a size is a symbol or unknown
  bool whole = false;          // whole numbers
};

struct OnnxFile {
  std::string file;   // printable
  int64_t opset = 0;  // of the standard operators
  std::vector<OnnxNode> nodes;
  std::map<std::string, Tensor, std::less<>> weights;  // in their own types
  std::vector<OnnxInput> inputs;                       // those that are no weights
  std::vector<std::string> outputs;
  std::map<std::string, std::string> metadata;
};

// `folder` is where external data is looked for: beside the file alone, no link followed; "": not
// at all. Error kBadData: broken, beyond the limits, operators of a domain that is not ONNX's own,
// external data that is elsewhere.
OnnxFile ParseOnnx(const ByteSource& source, const std::filesystem::path& folder,
                   const ReadOptions& options);

}  // namespace gan::core

#endif  // GAN_FORMATS_ONNX_FILE_H_
