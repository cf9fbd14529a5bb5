#include "formats/onnx.h"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/error.h"
#include "formats/onnx_classes.h"
#include "formats/onnx_file.h"
#include "formats/onnx_folding.h"
#include "formats/onnx_ops.h"
#include "formats/onnx_patterns.h"
#include "formats/onnx_turned.h"

namespace gan::core {
namespace {

constexpr int64_t kCoarsest = 256;  // grid tried for the input's height and width: pix2pix's
constexpr int64_t kOldest = 9, kNewest = 23;
constexpr int64_t kMostSize = int64_t{1} << 31;
constexpr uint64_t kRoom = uint64_t{1} << 20;  // numbers that may be made of those in any file

class Importer {
 public:
  // `room`: see FoldOnnx.
  Importer(const OnnxFile& file, uint64_t room) : file_(file), room_(room), builder_("onnx") {}

  // With `open`, heights and widths that the file fixes are left open too: exporters fix them
  // without need.
  OnnxNetwork Build(int64_t multiple, bool open) {
    for (const auto& [name, tensor] : file_.weights) values_.emplace(name, tensor);
    // Those of classes last, as our own networks have them.
    std::vector<std::pair<const OnnxInput*, int64_t>> of_classes;
    for (const OnnxInput& input : file_.inputs) {
      const std::optional<int64_t> classes =
          input.whole ? OnnxClassesOf(file_, input) : std::nullopt;
      if (classes) {
        of_classes.emplace_back(&input, *classes);
      } else {
        AddInput(input, multiple, open);
      }
    }
    for (const auto& [input, classes] : of_classes) {
      // A single one is called as our own networks call it.
      const bool ours = of_classes.size() == 1 && !values_.contains("labels");
      AddClasses(*input, classes, ours ? "labels" : input->name);
    }
    for (const OnnxNode& node : file_.nodes) AddNode(node);
    OnnxNetwork out{builder_.Finish({Output()}), {}, file_.metadata};
    for (const Value& value : out.graph.values) {
      if (value.kind == ValueKind::kParameter) {
        out.parameters.Add(value.name, parameters_.At(value.name));
      }
    }
    return out;
  }

 private:
  void AddInput(const OnnxInput& input, int64_t multiple, bool open) {
    const bool channels_last = HasChannelsLast(file_, input);
    SymbolicShape shape;
    for (size_t axis = 0; axis < input.sizes.size(); ++axis) {
      const bool picture = input.sizes.size() == 4 && axis >= 2;
      const size_t in_file = !channels_last || axis == 0 ? axis : axis == 1 ? 3 : axis - 1;
      const int64_t given = input.sizes[in_file];
      const int64_t size = open && picture && given > 1 ? -1 : given;
      if (size > kMostSize) {
        Fail(ErrorCode::kBadData, file_.file, "input \"{}\" has an absurd size",
             Printable(input.name));
      }
      if (axis == 0) {
        shape.push_back(Dim::Symbol("N"));
      } else if (size > 0) {
        shape.push_back(size);
      } else if (picture) {
        shape.push_back(Dim::Symbol(axis == 2 ? "H" : "W", multiple));
      } else {
        Fail(ErrorCode::kBadData, file_.file, "input \"{}\" leaves the size of axis {} open",
             Printable(input.name), in_file);
      }
    }
    if (shape.size() < 2) {
      Fail(ErrorCode::kBadData, file_.file, "input \"{}\" wants two axes or more, got {}",
           Printable(input.name), shape.size());
    }
    const ValueId id = builder_.Input(input.name, std::move(shape));
    AddInputValue(input, channels_last ? OnnxValue(OnnxTurned{id, ChannelsLast()}) : OnnxValue(id));
  }

  void AddClasses(const OnnxInput& input, int64_t classes, const std::string& name) {
    const auto one = [](int64_t size) { return size == 1; };
    if (!std::all_of(input.sizes.begin() + (input.sizes.empty() ? 0 : 1), input.sizes.end(), one)) {
      Fail(ErrorCode::kBadData, file_.file, "input \"{}\" wants one class for each picture",
           Printable(input.name));
    }
    const ValueId id = builder_.Input(name, {Dim::Symbol("N"), Dim(classes)});
    const size_t ones = input.sizes.empty() ? 0 : input.sizes.size() - 1;
    AddInputValue(input, OnnxClasses{id, ones});
  }

  void AddInputValue(const OnnxInput& input, OnnxValue value) {
    if (!values_.emplace(input.name, std::move(value)).second) {
      Fail(ErrorCode::kBadData, file_.file, "has two inputs \"{}\"", Printable(input.name));
    }
  }

  void AddNode(const OnnxNode& node) {
    const OnnxHandler handler = FindOnnxHandler(node.op);
    if (node.outputs.empty()) node.FailHere("makes nothing");
    std::vector<std::optional<OnnxValue>> inputs;
    for (const std::string& name : node.inputs) {
      if (name.empty()) {
        inputs.emplace_back();
        continue;
      }
      const auto found = values_.find(name);
      if (found == values_.end()) {
        node.FailHere("wants \"{}\", which nothing before it makes", Printable(name));
      }
      inputs.emplace_back(found->second);
    }
    OnnxCall call(node, file_.opset, std::move(inputs), builder_, parameters_);
    std::optional<OnnxValue> first = OnnxOfClasses(call);
    if (!first) first = FoldOnnx(call, room_);
    if (!first && handler == nullptr) node.FailHere("is an operator that gan cannot run");
    if (!first) first = Handled(handler, call);
    AddOutput(node, 0, std::move(*first));
    for (size_t i = 0; i < call.more_outputs.size() && i + 1 < node.outputs.size(); ++i) {
      AddOutput(node, i + 1, std::move(call.more_outputs[i]));
    }
  }

  // What the graph says of a node that does not fit says which node it is of.
  static OnnxValue Handled(OnnxHandler handler, OnnxCall& call) {
    try {
      return OnnxHandled(handler, call);
    } catch (const Error& error) {
      const std::string text = error.what();
      const bool named = text.find(fmt::format("[{}] node ", call.node.file)) != std::string::npos;
      if (error.code() != ErrorCode::kBadData || named) throw;
      call.node.FailHere("does not fit: {}", text);
    }
  }

  void AddOutput(const OnnxNode& node, size_t i, OnnxValue value) {
    if (i > 0 && node.outputs[i].empty()) return;
    if (!values_.emplace(node.outputs[i], std::move(value)).second) {
      node.FailHere("makes \"{}\" a second time", Printable(node.outputs[i]));
    }
  }

  ValueId Output() {
    if (file_.outputs.size() != 1) {
      Fail(ErrorCode::kBadData, file_.file, "wants one output, has {}", file_.outputs.size());
    }
    const auto found = values_.find(file_.outputs[0]);
    const auto* turned = found == values_.end() ? nullptr : std::get_if<OnnxTurned>(&found->second);
    if (turned != nullptr && turned->turn == ChannelsLast()) return turned->value;
    if (turned != nullptr && OnnxCanMove(builder_.ShapeOf(turned->value), turned->turn)) {
      return builder_.Add(Transpose{turned->turn}, {turned->value});
    }
    if (turned != nullptr) {
      Fail(ErrorCode::kBadData, file_.file, "output \"{}\" has its axes turned",
           Printable(file_.outputs[0]));
    }
    if (found == values_.end() || !std::holds_alternative<ValueId>(found->second)) {
      Fail(ErrorCode::kBadData, file_.file, "output \"{}\" is made by no node",
           Printable(file_.outputs[0]));
    }
    return std::get<ValueId>(found->second);
  }

  const OnnxFile& file_;
  uint64_t room_;
  GraphBuilder builder_;
  NamedTensors parameters_;
  std::unordered_map<std::string, OnnxValue> values_;
};

bool HasExactOutput(const Graph& graph) {
  const SymbolicShape& shape = graph.value(graph.outputs[0]).shape;
  return std::ranges::all_of(shape, [](const Dim& dim) { return dim.IsExact(); });
}

}  // namespace

OnnxNetwork ReadOnnx(const std::filesystem::path& path, const ReadOptions& options) {
  const FileSource source(path, options.limits.file_bytes);
  std::filesystem::path folder = path.parent_path();
  if (folder.empty()) folder = ".";
  return ReadOnnx(source, folder, options);
}

OnnxNetwork ReadOnnx(const ByteSource& source, const std::filesystem::path& folder,
                     const ReadOptions& options) {
  OnnxFile file = ParseOnnx(source, folder, options);
  if (file.opset < kOldest || file.opset > kNewest) {
    Fail(ErrorCode::kBadData, source.name(), "is of opset {}; {} to {} are read", file.opset,
         kOldest, kNewest);
  }
  if (file.inputs.empty() || file.nodes.empty()) {
    Fail(ErrorCode::kBadData, source.name(), "is an ONNX file without an input or without nodes");
  }
  FoldOnnxPatterns(file);
  // Each weight may be computed with a few times, one of two bytes becomes one of four.
  const uint64_t room = kRoom + source.size();
  for (int64_t multiple = 1; multiple <= kCoarsest; multiple *= 2) {
    try {
      OnnxNetwork open = Importer(file, room).Build(multiple, true);
      if (HasExactOutput(open.graph)) return open;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kBadData) throw;
    }
  }
  // What does not fit together at any size has the error of the sizes in the file.
  return Importer(file, room).Build(kCoarsest, false);
}

}  // namespace gan::core
