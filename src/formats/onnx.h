// ONNX files: graphs of their own, so that they need no model family.
#ifndef GAN_FORMATS_ONNX_H_
#define GAN_FORMATS_ONNX_H_

#include <filesystem>
#include <map>
#include <string>

#include "formats/byte_source.h"
#include "formats/checkpoint.h"
#include "graph/graph.h"

namespace gan::core {

struct OnnxNetwork {
  Graph graph;              // one input or, with labels, two; one output
  NamedTensors parameters;  // f32, by the names of the file
  std::map<std::string, std::string> metadata;
};

// Reads opset 9 and later. Sizes that the file leaves open are H and W, multiples of the smallest
// power of two, up to 64, at which the output's size is an exact function of the input's.
//
// Error kBadData: a broken file, an operator that gan cannot run (named with its node), external
// data that is not a plain file beside the model.
OnnxNetwork ReadOnnx(const std::filesystem::path& path, const ReadOptions& options = {});
OnnxNetwork ReadOnnx(const ByteSource& source, const std::filesystem::path& folder,
                     const ReadOptions& options = {});

}  // namespace gan::core

#endif  // GAN_FORMATS_ONNX_H_
