#include "api/load.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <utility>

#include "api/onnx_metadata.h"
#include "formats/detect.h"
#include "formats/ncnn.h"
#include "formats/onnx.h"
#include "models/geometry.h"
#include "models/mixture.h"
#include "runtime/dropout_masks.h"

namespace gan::core {

namespace {

bool IsOnnx(const std::string& path, const ReadOptions& read) {
  return DetectFormat(FileSource(path, read.limits.file_bytes)) == FileFormat::kOnnx;
}

}  // namespace

Contents ReadContents(const std::string& name, const LoadOptions& options, ThreadPool* pool) {
  ReadOptions read;
  read.limits.file_bytes = options.max_file;
  read.allow_non_finite = options.allow_non_finite;
  read.pool = pool;

  Contents contents;
  contents.path = FindModel(name);
  if (IsNcnn(contents.path)) {
    NcnnNetwork ncnn = ReadNcnn(contents.path, read);
    contents.checkpoint.format = "ncnn";
    contents.checkpoint.tensors = ncnn.parameters;
    contents.network = ModelFromGraph(std::move(ncnn.graph), std::move(ncnn.parameters), "ncnn");
  } else if (IsOnnx(contents.path, read)) {
    OnnxNetwork onnx = ReadOnnx(contents.path, read);
    contents.checkpoint.format = "ONNX";
    contents.checkpoint.tensors = onnx.parameters;
    contents.checkpoint.metadata = onnx.metadata;
    contents.network = ModelFromGraph(std::move(onnx.graph), std::move(onnx.parameters), "onnx");
    ApplyOnnxMetadata(onnx.metadata, *contents.network);
  } else {
    contents.checkpoint = ReadCheckpoint(contents.path, read);
  }
  return contents;
}

std::vector<MixtureName> MixtureIn(const std::string& name) {
  std::error_code ignored;
  if (name.find(',') == std::string::npos || std::filesystem::exists(name, ignored)) return {};
  std::vector<MixtureName> parts;
  for (size_t begin = 0; begin <= name.size();) {
    const size_t end = std::min(name.find(',', begin), name.size());
    const std::string part = name.substr(begin, end - begin);
    begin = end + 1;
    const size_t colon = part.rfind(':');
    if (colon == std::string::npos || colon == 0) return {};
    double weight = 0;
    const char* last = part.data() + part.size();
    const auto [stop, error] = std::from_chars(part.data() + colon + 1, last, weight);
    if (error != std::errc() || stop != last) return {};
    parts.push_back({part.substr(0, colon), weight});
  }
  return parts;
}

Model MixtureOf(const std::vector<MixtureName>& parts, const LoadOptions& options) {
  std::vector<MixturePart> generators;
  for (const MixtureName& part : parts) {
    generators.push_back({part.name, GeneratorOf(ReadContents(part.name, options)), part.weight});
  }
  return Mix(std::move(generators));
}

Model GeneratorOf(Contents contents) {
  if (contents.network) return std::move(*contents.network);
  return DetectModel(contents.checkpoint.tensors, contents.checkpoint.modules);
}

namespace {

// What only a generator of pictures from pictures has.
void DescribeScale(const Model& model, ModelInfo& info) {
  const PictureGeometry geometry = GeometryOf(model.graph);
  info.in_channels = geometry.in_channels;
  info.out_channels = geometry.out_channels;
  info.geometry = {.scale_num = geometry.scale_num,
                   .scale_den = geometry.scale_den,
                   .margin = geometry.margin,
                   .multiple = geometry.multiple,
                   .fixed_width = geometry.fixed_width,
                   .fixed_height = geometry.fixed_height};
  if (!geometry.everything) info.geometry.reach = geometry.context;
}

// What only a generator of pictures from random numbers has.
void DescribeLatent(const Model& model, ModelInfo& info) {
  const Shape out = Evaluate(model.graph.value(model.graph.outputs[0]).shape, {{"N", 1}});
  info.out_channels = out[1];
  info.latent = LatentInput{model.latent->size, model.latent->classes, out[3], out[2]};
}

}  // namespace

ModelInfo InfoOf(const Model& model) {
  ModelInfo info;
  info.family = model.family;
  info.description = model.description;
  for (const Fact& fact : model.facts) info.facts.emplace_back(fact.name, fact.value);
  info.styles = model.style.has_value();
  info.dropout = HasDropout(model.graph);
  if (model.style) info.style_space = {model.style->space.width, model.style->space.layers};
  model.latent ? DescribeLatent(model, info) : DescribeScale(model, info);

  // Counted on a picture so large that its borders do not matter.
  const std::vector<Shape> inputs = InputShapes(model.graph, info, 4096, 4096);
  const GraphCost cost = CostOf(model.graph, BindInputs(model.graph, inputs));
  const int64_t height = info.latent ? info.latent->width : inputs[0][2];
  const int64_t width = info.latent ? info.latent->width : inputs[0][3];
  info.parameters = cost.parameters;
  info.multiply_adds_per_pixel =
      cost.multiply_adds / (static_cast<double>(height) * static_cast<double>(width));
  return info;
}

int64_t InputSide(const Geometry& geometry, int64_t pixels) {
  const int64_t side = pixels + 2 * geometry.margin;
  return (side + geometry.multiple - 1) / geometry.multiple * geometry.multiple;
}

std::vector<Shape> InputShapes(const Graph& graph, const ModelInfo& info, int64_t width,
                               int64_t height) {
  if (info.geometry.fixed_width > 0) {
    return {{1, info.in_channels, info.geometry.fixed_height, info.geometry.fixed_width}};
  }
  if (!info.latent) {
    return {
        {1, info.in_channels, InputSide(info.geometry, height), InputSide(info.geometry, width)}};
  }
  std::vector<Shape> shapes;
  for (const ValueId id : graph.inputs) {
    shapes.push_back(Evaluate(graph.value(id).shape, {{"N", 1}}));
  }
  return shapes;
}

Plan PlanOf(const Executable& executable, const ModelInfo& info, int64_t width, int64_t height) {
  const Graph& graph = executable.graph();
  const std::vector<Shape> inputs = InputShapes(graph, info, width, height);
  const Bindings bindings = BindInputs(graph, inputs);
  const MemoryUse memory = executable.Memory(bindings);
  const Shape output = ConcreteShapes(graph, bindings)[Index(graph.outputs[0])];

  Plan plan;
  plan.width = info.latent ? info.latent->width : width;
  plan.height = info.latent ? info.latent->height : height;
  if (info.geometry.fixed_width > 0) {
    plan.width = info.geometry.fixed_width, plan.height = info.geometry.fixed_height;
  }
  // A generator that draws keeps its weights, so that others can be made of it.
  plan.parameters = memory.parameters + (info.latent ? memory.packed : 0);
  plan.activations = memory.activations;
  plan.workspace = memory.workspace;
  plan.pictures = static_cast<uint64_t>(output.elements()) * sizeof(float);
  for (const Shape& input : inputs) {
    plan.pictures += static_cast<uint64_t>(input.elements()) * sizeof(float);
  }
  plan.multiply_adds = CostOf(graph, bindings).multiply_adds;
  return plan;
}

}  // namespace gan::core
