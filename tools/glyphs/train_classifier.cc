// gan_train_classifier: trains the classifier that gan ships as a feature network.
//
//   gan_train_classifier --data FOLDER --output FILE [--also FOLDER] [--probe FOLDER]
//                        [--name glyphs-1] [--steps 2500] [--batch 64] [--seed 1] [--threads 2]
//
// --name: what figures on its features are signed with; a new edition takes the next number.
// Data sets are of small grey pictures, with a test part. --also: more pictures of the first
// classes.
// --probe: a data set that a linear classifier is fitted to the features of, as a measure of what
// they tell about handwriting that the network never saw.
#include <cstdio>
#include <cstring>
#include <string>

#include "backends/torch/run_graph.h"
#include "base/error.h"
#include "data/dataset.h"
#include "formats/safetensors.h"
#include "models/glyph_classifier/network.h"
#include "tools/glyphs/options.h"
#include "training/classifier.h"

namespace gan::core::glyphs {
namespace {

LabelledTensors Load(const std::string& path, const std::string& split) {
  return TensorsOf(Dataset::Open({.path = path, .split = split}));
}

LabelledTensors Joined(const LabelledTensors& a, const LabelledTensors& b) {
  return {at::cat({a.pictures, b.pictures}), at::cat({a.labels, b.labels})};
}

// What the file will hold: all that is reported is measured with these.
NamedTensors Halved(const NamedTensors& parameters) {
  NamedTensors out;
  for (const auto& [name, tensor] : parameters) {
    Tensor half(DType::kF16, tensor.shape());
    for (int64_t i = 0; i < tensor.shape().elements(); ++i) {
      const uint16_t bits = HalfFromFloat(tensor.floats()[static_cast<size_t>(i)]);
      std::memcpy(half.raw().data() + 2 * i, &bits, 2);
    }
    out.Add(name, half);
  }
  return out;
}

NamedTensors AsFloats(const NamedTensors& parameters) {
  NamedTensors out;
  for (const auto& [name, tensor] : parameters) out.Add(name, tensor.ToFloat());
  return out;
}

LabelledTensors FeaturesOf(const Graph& graph, const NamedTensors& parameters,
                           const LabelledTensors& data) {
  const at::NoGradGuard no_gradients;
  const auto weights = torch_backend::ParametersOf(graph, parameters, at::Device(at::kCPU));
  std::vector<at::Tensor> features;
  for (const at::Tensor& part : data.pictures.split(500)) {
    const std::vector<at::Tensor> in{part.to(at::kFloat).mul(1 / 127.5).sub(1)};
    features.push_back(torch_backend::RunGraph(graph, weights, in)[0]);
  }
  return {at::cat(features), data.labels};
}

// A linear classifier on features [N, F, 1, 1].
Graph LinearProbe(int64_t features, int64_t classes) {
  GraphBuilder graph("probe");
  const ValueId x = graph.Input("features", {Dim::Symbol("N"), features, 1, 1});
  const ValueId weight = graph.Parameter("weight", {classes, features, 1, 1});
  const ValueId bias = graph.Parameter("bias", {classes});
  return graph.Finish({x, graph.Add(Conv2d{}, {x, weight, bias})});
}

double Probe(const Graph& graph, const NamedTensors& parameters, const std::string& folder,
             int threads) {
  const LabelledTensors train = FeaturesOf(graph, parameters, Load(folder, "train"));
  const LabelledTensors test = FeaturesOf(graph, parameters, Load(folder, "test"));
  const int64_t classes = train.labels.max().item<int64_t>() + 1;
  const Graph probe = LinearProbe(train.pictures.size(1), classes);
  const NamedTensors fitted = TrainClassifier(
      probe, {&train, 1},
      {.steps = 4000, .batch = 256, .learning_rate = 5e-3, .shift = 0, .threads = threads});
  return Score(probe, fitted, test, threads).plain;
}

void Run(std::span<const char* const> arguments) {
  const Options options(arguments, {{"--data", ""},
                                    {"--output", ""},
                                    {"--name", "glyphs-1"},
                                    {"--also", "none"},
                                    {"--probe", "none"},
                                    {"--steps", "2500"},
                                    {"--batch", "64"},
                                    {"--seed", "1"},
                                    {"--threads", "2"}});
  const auto threads = static_cast<int>(options.Number("--threads", 1, 256));
  LabelledTensors train = Load(options.Text("--data"), "train");
  const LabelledTensors test = Load(options.Text("--data"), "test");
  const int64_t classes = train.labels.max().item<int64_t>() + 1;
  if (options.Text("--also") != "none")
    train = Joined(train, Load(options.Text("--also"), "train"));
  const Graph graph =
      ClassifierGraph({.channels = 1, .size = train.pictures.size(2), .classes = classes});
  const ClassifierOptions how{.steps = options.Number("--steps", 1, 10'000'000),
                              .batch = options.Number("--batch", 1, 65'536),
                              .seed = static_cast<uint64_t>(options.Number("--seed", 0, 1 << 30)),
                              .threads = threads};
  const NamedTensors kept = Halved(TrainClassifier(graph, {&train, 1}, how, [](double done) {
    std::fprintf(stderr, "\r%5.1f %%", 100 * done);
  }));
  WriteSafetensors(options.Text("--output"), kept, {{"gan.name", options.Text("--name")}});
  const NamedTensors parameters = AsFloats(kept);
  const Accuracy accuracy = Score(graph, parameters, test, threads);
  fmt::print("\n{} pictures of {} classes, {} steps of {}\n", train.count(), classes, how.steps,
             how.batch);
  fmt::print("test ({}): accuracy {:.4f}, balanced {:.4f}\n", test.count(), accuracy.plain,
             accuracy.balanced);
  if (options.Text("--also") != "none") {
    const LabelledTensors more = Load(options.Text("--also"), "test");
    fmt::print("test of --also ({}): accuracy {:.4f}\n", more.count(),
               Score(graph, parameters, more, threads).plain);
  }
  if (options.Text("--probe") != "none") {
    fmt::print("linear probe of the features: accuracy {:.4f}\n",
               Probe(graph, parameters, options.Text("--probe"), threads));
  }
}

}  // namespace
}  // namespace gan::core::glyphs

int main(int argc, char** argv) {
  try {
    gan::core::glyphs::Run(std::span<const char* const>(argv + 1, static_cast<size_t>(argc - 1)));
    return 0;
  } catch (const gan::Error& e) {
    std::fprintf(stderr, "gan_train_classifier: %s\n", e.what());
    return static_cast<int>(e.code());
  }
}
