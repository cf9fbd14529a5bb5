// Checkpoint files: what they hold, whether a known generator or not, and as safetensors or ONNX.
#ifndef GAN_CHECKPOINT_H_
#define GAN_CHECKPOINT_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gan/engine.h"
#include "gan/export.h"
#include "gan/model.h"

namespace gan {

struct TensorInfo {
  std::string name;
  std::string dtype;  // "f32", "f16", "i64", ...
  std::vector<int64_t> shape;
  uint64_t bytes = 0;
};

struct Inspection {
  std::string path;
  std::string format;  // "PyTorch zip", "safetensors", "ncnn", ...
  uint64_t file_bytes = 0;
  std::vector<TensorInfo> tensors;  // in the order of the file
  std::map<std::string, std::string> metadata;
  // Kinds of pickled objects that were kept as data and never run, and how many objects there are.
  std::vector<std::string> opaque;
  size_t opaque_objects = 0;
  // Classes of whole modules that were pickled: names, and no more. Their tensors are in `tensors`.
  std::vector<std::string> modules;

  std::optional<ModelInfo> model;  // nothing when no family fits
  std::string why_no_model;        // then: what the file looks like, and what spoke against each
  std::optional<Plan> plan;        // when a size was asked for
  std::string graph;               // the network in text, one line a layer, when asked for
  std::string execution;           // what runs it, one line a step, when asked for
};

struct InspectOptions {
  int64_t width = 0;  // plan a run on a picture of this size, in pixels; 0: do not
  int64_t height = 0;
  bool graph = false;
  bool plan = false;  // tell what runs the network: kernels, what was fused, and why not
};

// The fields by name. Static memory. Thread-safe.
GAN_API std::span<const Option<InspectOptions>> InspectOptionList();

// `name` as of Model::Load. A file whose tensors can be read is no error, whatever they are.
// Error kNoInput, kBadData as of Model::Load. Thread-safe.
GAN_API Inspection Inspect(const std::string& name, const InspectOptions& options = {},
                           const EngineOptions& engine = {}, const LoadOptions& load = {});

// As one JSON object. Thread-safe.
GAN_API std::string ToJson(const Inspection& inspection, bool with_tensors);
GAN_API std::string ToJson(const ModelInfo& info);

struct Conversion {
  std::string input;   // as found
  std::string format;  // of the input
  std::string output;
  size_t tensors = 0;
  uint64_t bytes = 0;  // of the output
};

// `input` as of FindModel; the same input gives the same bytes.
//
// To .safetensors: tensors keep their names, types and order. What is no tensor (optimiser
// settings, epoch numbers) is left behind. An ncnn model loses its graph: its weights become
// float32 named
// "<layer>.<weight>".
// To .onnx: the generator in it as a network of opset 17 with float32 weights, its batch, height
// and width open where gan leaves them open. A style's truncation and noise are fixed as they are.
//
// Error kUsage: the output ends in neither; kNoInput, kBadData as of Model::Load, and for a network
// that ONNX has no operators for; kCannotCreate, kIo: the output cannot be written (as ONNX: 2 GiB
// or more), and nothing of it stays. Thread-safe.
GAN_API Conversion Convert(const std::string& input, const std::string& output,
                           const LoadOptions& options = {});

// As one JSON object. Thread-safe.
GAN_API std::string ToJson(const Conversion& conversion);

}  // namespace gan

#endif  // GAN_CHECKPOINT_H_
