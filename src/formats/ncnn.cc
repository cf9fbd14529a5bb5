#include "formats/ncnn.h"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/error.h"
#include "formats/detect.h"
#include "formats/ncnn_layers.h"
#include "formats/ncnn_param.h"
#include "formats/ncnn_weights.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

// The coarsest grid tried for the input's height and width.
constexpr int64_t kCoarsest = 64;

struct Pair {
  fs::path param;
  fs::path bin;
};

bool IsParam(const fs::path& path, const Limits& limits) {
  return DetectFormat(FileSource(path, limits.file_bytes)) == FileFormat::kNcnnParam;
}

std::optional<Pair> FindPair(const fs::path& path, const Limits& limits) {
  if (IsParam(path, limits)) return Pair{path, fs::path(path).replace_extension(".bin")};
  if (path.extension() != ".bin") return std::nullopt;
  const fs::path param = fs::path(path).replace_extension(".param");
  std::error_code ignored;
  if (!fs::is_regular_file(param, ignored) || !IsParam(param, limits)) return std::nullopt;
  return Pair{param, path};
}

// Layers whose output has the channels of their first input.
bool KeepsChannels(std::string_view type) {
  constexpr std::array kTypes = {"Split", "Noop", "Padding", "Interp", "ReLU", "Clip", "BinaryOp"};
  return std::ranges::count(kTypes, type) != 0;
}

// The picture's channels: given by the Input layer, or read off the first convolution of it.
int64_t InputChannels(const std::vector<NcnnLayer>& layers) {
  // Blobs that have the picture's channels, times this.
  std::unordered_map<std::string_view, int64_t> known;
  for (const NcnnLayer& layer : layers) {
    if (layer.type == "Input") {
      if (const int64_t channels = layer.Int(2, 0, 0, 1 << 16); channels > 0) return channels;
      for (const std::string_view name : layer.outputs) known[name] = 1;
    }
    const auto from = layer.inputs.empty() ? known.end() : known.find(layer.inputs[0]);
    if (from == known.end()) continue;
    int64_t times = from->second;
    if (layer.type == "Convolution") {
      const Size2d size = layer.Size(1, 11, 0);
      const int64_t channels = layer.Int(6, 0, 1) / (layer.Int(0, 0, 1, 1 << 20) * size.h * size.w);
      return std::max<int64_t>(channels / times, 1);
    }
    if (layer.type == "Reorg") {
      const int64_t factor = layer.Int(0, 1, 1, 64);
      times = std::min<int64_t>(times * factor * factor, 1 << 16);
    } else if (!KeepsChannels(layer.type)) {
      continue;
    }
    for (const std::string_view name : layer.outputs) known[name] = times;
  }
  return 3;
}

// Builds the graph of all layers for an input whose height and width are multiples of `multiple`.
class Importer {
 public:
  Importer(const std::vector<NcnnLayer>& layers, NcnnWeights& weights, std::string name)
      : layers_(layers), weights_(weights), builder_(std::move(name)) {}

  NcnnNetwork Build(int64_t channels, int64_t multiple) {
    weights_.Rewind();
    for (const NcnnLayer& layer : layers_) {
      if (layer.type == "Input") {
        AddInput(layer, channels, multiple);
      } else if (layer.type == "Split") {
        AddSplit(layer);
      } else {
        AddLayer(layer);
      }
    }
    if (!has_input_) Fail(ErrorCode::kBadData, layers_[0].file, "has no Input layer");
    NcnnNetwork out{builder_.Finish({FindOutput()}), {}, layers_.size(), weights_.half()};
    for (const Value& value : out.graph.values) {
      if (value.kind != ValueKind::kParameter) continue;
      out.parameters.Add(value.name, parameters_.At(value.name));
    }
    return out;
  }

 private:
  void AddInput(const NcnnLayer& layer, int64_t channels, int64_t multiple) {
    if (has_input_ || layer.outputs.size() != 1) layer.FailHere("is a second input; wants one");
    has_input_ = true;
    blobs_[layer.outputs[0]] = {
        builder_.Input(
            std::string(layer.outputs[0]),
            {Dim::Symbol("N"), channels, Dim::Symbol("H", multiple), Dim::Symbol("W", multiple)}),
        false};
  }

  std::vector<NcnnBlob> InputsOf(const NcnnLayer& layer) {
    std::vector<NcnnBlob> inputs;
    for (const std::string_view name : layer.inputs) {
      const auto found = blobs_.find(name);
      if (found == blobs_.end()) {
        layer.FailHere("wants \"{}\", which no layer before it makes", Printable(name));
      }
      inputs.push_back(found->second);
      unused_.erase(name);
    }
    return inputs;
  }

  void AddSplit(const NcnnLayer& layer) {
    const std::vector<NcnnBlob> inputs = InputsOf(layer);
    if (inputs.size() != 1) layer.FailHere("wants one input, got {}", inputs.size());
    for (const std::string_view name : layer.outputs) blobs_[name] = inputs[0];
  }

  void AddLayer(const NcnnLayer& layer) {
    const NcnnHandler handler = FindNcnnHandler(layer.type);
    if (handler == nullptr) layer.FailHere("is a type of layer that gan cannot run");
    if (layer.outputs.size() != 1) layer.FailHere("wants one output, got {}", layer.outputs.size());
    NcnnCall call(layer, InputsOf(layer), builder_, parameters_, weights_);
    blobs_[layer.outputs[0]] = handler(call);
    if (!layer.inputs.empty()) unused_.insert(layer.outputs[0]);
  }

  ValueId FindOutput() const {
    if (unused_.size() != 1) {
      Fail(ErrorCode::kBadData, layers_[0].file,
           "wants one blob that no layer reads, the output; there are {}", unused_.size());
    }
    return blobs_.at(*unused_.begin()).value;
  }

  const std::vector<NcnnLayer>& layers_;
  NcnnWeights& weights_;
  GraphBuilder builder_;
  NamedTensors parameters_;
  std::unordered_map<std::string_view, NcnnBlob> blobs_;
  std::unordered_set<std::string_view> unused_;  // made by a layer and read by none so far
  bool has_input_ = false;
};

bool HasExactOutput(const Graph& graph) {
  const SymbolicShape& shape = graph.value(graph.outputs[0]).shape;
  return std::ranges::all_of(shape, [](const Dim& dim) { return dim.IsExact(); });
}

}  // namespace

bool IsNcnn(const fs::path& path) { return FindPair(path, Limits{}).has_value(); }

NcnnNetwork ReadNcnn(const fs::path& path, const ReadOptions& options) {
  const std::optional<Pair> pair = FindPair(path, options.limits);
  if (!pair) {
    Fail(ErrorCode::kBadData, Printable(path.string()),
         "is no ncnn .param file, nor a .bin file with a .param file beside it");
  }
  const FileSource param(pair->param, options.limits.ncnn_param);
  std::error_code ignored;
  if (!fs::exists(pair->bin, ignored)) {
    Fail(ErrorCode::kNoInput, param.name(), "wants its weights in \"{}\" beside it",
         Printable(pair->bin.filename().string()));
  }
  return ReadNcnn(param, FileSource(pair->bin, options.limits.file_bytes), options);
}

NcnnNetwork ReadNcnn(const ByteSource& param, const ByteSource& bin, const ReadOptions& options) {
  if (param.size() > options.limits.ncnn_param) {
    Fail(ErrorCode::kBadData, param.name(), "has {} bytes, at most {} are read", param.size(),
         options.limits.ncnn_param);
  }
  const std::vector<std::byte> bytes = param.ReadAt(0, param.size());
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::vector<NcnnLayer> layers = ParseNcnnParam(param.name(), text, options.limits);
  if (layers.empty()) Fail(ErrorCode::kBadData, param.name(), "has no layers");
  const int64_t channels = InputChannels(layers);
  NcnnWeights weights(bin, options);
  const auto build = [&](int64_t multiple) {
    return Importer(layers, weights, "ncnn").Build(channels, multiple);
  };
  // What does not fit together on the coarsest grid is broken for good, and its error is the one to
  // show; finer grids then fail for want of divisibility only.
  NcnnNetwork coarsest = build(kCoarsest);
  weights.RequireEnd();
  for (int64_t multiple = 1; multiple < kCoarsest; multiple *= 2) {
    try {
      NcnnNetwork finer = build(multiple);
      if (HasExactOutput(finer.graph)) return finer;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kBadData) throw;
    }
  }
  return coarsest;
}

}  // namespace gan::core
