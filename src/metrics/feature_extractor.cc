#include "metrics/feature_extractor.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "base/fingerprint.h"
#include "formats/checkpoint.h"
#include "metrics/picture_channels.h"
#include "runtime/shipped_model.h"

namespace gan::core {
namespace {

// Pictures that go through the network together: enough to keep it busy, within some 100 MB.
int64_t BatchFor(int64_t side) { return side > 96 ? 16 : 128; }

int64_t ChannelsAfter(const Graph& graph, size_t output) {
  const SymbolicShape& shape = graph.value(graph.outputs[output]).shape;
  bool flat = shape.size() == 2 || shape.size() == 4;
  for (size_t axis = 1; axis < shape.size(); ++axis) {
    flat = flat && shape[axis].IsConstant() && (axis == 1 || shape[axis].constant() == 1);
  }
  if (flat) return shape[1].constant();
  Fail(ErrorCode::kBadData, graph.name, "wants one row of features a picture, gives {}",
       ToString(shape));
}

// In place, rows of logits become probabilities.
void Softmax(std::span<float> rows, int64_t classes) {
  for (; !rows.empty(); rows = rows.subspan(static_cast<size_t>(classes))) {
    const std::span<float> row = rows.first(static_cast<size_t>(classes));
    const float greatest = std::ranges::max(row);
    double sum = 0;
    for (const float logit : row) sum += std::exp(static_cast<double>(logit) - greatest);
    for (float& v : row) {
      v = static_cast<float>(std::exp(static_cast<double>(v) - greatest) / sum);
    }
  }
}

uint64_t FingerprintOf(const FeatureModel& model) {
  Fingerprint fingerprint;
  fingerprint.Add(ToString(model.graph));
  for (const auto& [name, tensor] : model.parameters) {
    fingerprint.Add(name);
    fingerprint.Add(tensor.raw());
  }
  return fingerprint.value();
}

void CheckFinite(std::string_view name, std::span<const float> values, int64_t row, int64_t width) {
  const auto bad = std::ranges::find_if_not(values, [](float v) { return std::isfinite(v); });
  if (bad == values.end()) return;
  Fail(ErrorCode::kBadData, "features", "{} gives {} for picture {}: broken weights?", name, *bad,
       row + (bad - values.begin()) / width);
}

// No network at all: the colours of a very small copy.
FeatureModel PixelModel() {
  constexpr int64_t kSide = 12;
  GraphBuilder graph("pixels");
  const ValueId input = graph.Input("input", {Dim::Symbol("N"), 3, kSide, kSide});
  const ValueId row = graph.Add(Reshape{.sizes = {3 * kSide * kSide}}, {input});
  return {"pixels", graph.Finish({row}), {}};
}

}  // namespace

FeatureExtractor::FeatureExtractor(FeatureModel model, Backend& backend, Resizer resizer)
    : model_(std::move(model)), resizer_(resizer) {
  const Graph& graph = model_.graph;
  GAN_ASSERT(graph.inputs.size() == 1 && (graph.outputs.size() == 1 || graph.outputs.size() == 2));
  const SymbolicShape& input = graph.value(graph.inputs[0]).shape;
  GAN_ASSERT(input.size() == 4 && input[1].IsConstant() && input[2].IsConstant());
  channels_ = input[1].constant();
  side_ = input[2].constant();
  GAN_ASSERT((channels_ == 1 || channels_ == 3) && input[3] == input[2]);
  features_ = ChannelsAfter(graph, 0);
  classes_ = graph.outputs.size() == 2 ? ChannelsAfter(graph, 1) : 0;
  fingerprint_ = FingerprintOf(model_);
  executable_ = backend.Compile(graph, std::move(model_.parameters));
  model_.parameters = {};
}

std::string FeatureExtractor::Preparation(const Shape& picture) const {
  const int64_t channels = picture[0], height = picture[1], width = picture[2];
  std::string text = height == side_ && width == side_
                         ? std::string("resize none")
                         : fmt::format("resize {} to {}x{}", NameOf(resizer_), side_, side_);
  if (channels % 2 == 0) text += ", alpha on white";
  if (channels <= 2 && channels_ == 3) text += ", grey as RGB";
  if (channels > 2 && channels_ == 1) text += ", RGB as grey";
  return text;
}

Tensor FeatureExtractor::Prepare(const Tensor& pictures) const {
  return ResizePictures(WithColours(AsSaved(pictures), channels_), side_, side_, resizer_);
}

Features FeatureExtractor::Extract(const PictureSource& source, int64_t first, int64_t count,
                                   const CancelFlag* cancel) {
  Features out{Tensor(DType::kF32, {count, features_}), Tensor(DType::kF32, {0, classes_})};
  if (classes_ > 0) out.probabilities = Tensor(DType::kF32, {count, classes_});
  const int64_t batch = BatchFor(side_);
  for (int64_t row = 0; row < count; row += batch) {
    if (cancel != nullptr) cancel->ThrowIfCancelled();
    RunBatch(TakePictures(source, first + row, std::min(batch, count - row)), row, out);
    CheckFinite(name(),
                out.values.floats()
                    .first(static_cast<size_t>(std::min(row + batch, count) * features_))
                    .subspan(static_cast<size_t>(row * features_)),
                first + row, features_);
  }
  if (classes_ > 0) Softmax(out.probabilities.floats(), classes_);
  return out;
}

void FeatureExtractor::RunBatch(const Tensor& pictures, int64_t row, Features& out) {
  const Tensor input = Prepare(pictures);
  const ConstTensorView in = input.view();
  const Graph& graph = model_.graph;
  const std::vector<Shape> shapes = ConcreteShapes(graph, BindInputs(graph, {input.shape()}));
  // The outputs are rows of what is returned, under whatever rank the graph gives them.
  std::vector<TensorView> views;
  const std::array<float*, 2> begins = {out.values.floats().data() + row * features_,
                                        out.probabilities.floats().data() + row * classes_};
  for (size_t i = 0; i < graph.outputs.size(); ++i) {
    views.emplace_back(begins[i], DType::kF32, shapes[Index(graph.outputs[i])]);
  }
  executable_->Run(std::span(&in, 1), views);
}

FeatureModel LoadFeatureModel(const std::string& features) {
  if (features == "pixels") return PixelModel();
  const bool glyphs = features == "glyphs" || features == "auto";
  const std::string path =
      glyphs ? FindShippedModel("glyphs-features.safetensors").string() : features;
  const Checkpoint checkpoint = ReadCheckpoint(path);
  FeatureModel model = DetectFeatureModel(checkpoint.tensors);
  // A shipped network says which edition it is, since figures of two editions do not compare.
  const auto name = checkpoint.metadata.find("gan.name");
  if (name != checkpoint.metadata.end()) model.name = Printable(name->second);
  return model;
}

}  // namespace gan::core
