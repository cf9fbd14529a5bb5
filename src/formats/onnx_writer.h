// Writes graphs as ONNX models: IR version 8, opset 17, standard operators alone.
#ifndef GAN_FORMATS_ONNX_WRITER_H_
#define GAN_FORMATS_ONNX_WRITER_H_

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"
#include "tensor/named_tensors.h"

namespace gan::core {

// The bytes of a file: the head, then for each tensor its own head and its elements.
struct OnnxLayout {
  struct Part {
    std::string head;
    Tensor data;
  };
  std::string head;
  std::vector<Part> tensors;

  uint64_t bytes() const;
};

// What WriteOnnx would write; `where` names the file.
OnnxLayout LayOutOnnx(std::string_view where, const Graph& graph, const NamedTensors& parameters,
                      const std::map<std::string, std::string>& metadata = {});

// Inputs, outputs and parameters keep their names; sizes that are open are written as symbols. The
// same graph and numbers give the same bytes.
//
// Error kBadData: parameters that are not there, an op that no operators make up. kCannotCreate:
// 2 GiB or more, which ONNX readers do not take; and, like kIo, as of AtomicFile.
void WriteOnnx(const std::filesystem::path& path, const Graph& graph,
               const NamedTensors& parameters,
               const std::map<std::string, std::string>& metadata = {});

}  // namespace gan::core

#endif  // GAN_FORMATS_ONNX_WRITER_H_
