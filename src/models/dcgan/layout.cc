#include "models/dcgan/layout.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "models/dcgan/modules.h"
#include "models/dcgan/steps.h"

namespace gan::core {
namespace {

constexpr std::string_view kName = "dcgan";
constexpr std::string_view kOwnEmbedding = "label_embedding";  // as our trained networks call it
constexpr int64_t kMostChannels = 4;

// The names of a collection whose generators many have trained. It gives batch norms 0.8 where
// their epsilon stands, and has leaky activations.
constexpr std::string_view kCollectionStem = "l1.0", kCollectionBlocks = "conv_blocks";
constexpr float kCollectionEpsilon = 0.8f, kCollectionSlope = 0.2f;

using Convolutions = std::vector<DcganConvolution>;

// Which axis of a filter is of the inputs, and which of the outputs.
struct Axes {
  size_t in, out;
};
constexpr Axes kTransposed{0, 1}, kPlain{1, 0};

int64_t In(const DcganConvolution& c, Axes axes) { return c.module.weight[axes.in]; }
int64_t Out(const DcganConvolution& c, Axes axes) { return c.module.weight[axes.out]; }

// True when each takes what the one before gives; from the second on, or from `first`.
bool Follow(const Convolutions& all, Axes axes, size_t first = 1) {
  for (size_t i = first; i < all.size(); ++i) {
    if (In(all[i], axes) != Out(all[i - 1], axes)) return false;
  }
  return true;
}

// Two convolutions of one pixel each, whose results stand beside each other: "deconv1_1", of the
// random numbers, and "deconv1_2", of the classes.
bool HasBranch(const DcganModules& modules) {
  const Convolutions& all = modules.convolutions;
  if (all.size() < 3 || !modules.linears.empty() || modules.embedding) return false;
  const DcganModule &a = all[0].module, &b = all[1].module;
  return a.place.size() == 2 && b.place.size() == 2 && a.place[0] == b.place[0] &&
         a.weight[2] == b.weight[2] && In(all[2], kTransposed) == a.weight[1] + b.weight[1] &&
         Follow(all, kTransposed, 3);
}

// The side of what a linear layer makes of so many channels; 0 where it makes none.
int64_t SideOfStem(const DcganModules& modules, int64_t channels) {
  const int64_t outputs = modules.linears[0].weight[0];
  const auto side = static_cast<int64_t>(
      std::lround(std::sqrt(static_cast<double>(outputs) / static_cast<double>(channels))));
  return side > 1 && side <= 1024 && outputs % channels == 0 && side * side == outputs / channels
             ? side
             : 0;
}

// The axes of a generator's filters; nothing when it is none.
std::optional<Axes> GeneratorAxes(const DcganModules& modules) {
  const Convolutions& all = modules.convolutions;
  const bool stem = modules.linears.size() == 1;
  if (modules.linears.size() > 1 || (modules.first_norm && !stem)) return std::nullopt;
  for (const Axes axes : {kTransposed, kPlain}) {
    if (Out(all.back(), axes) > kMostChannels) continue;
    if (!Follow(all, axes) && (axes.in != kTransposed.in || !HasBranch(modules))) continue;
    if (stem ? SideOfStem(modules, In(all[0], axes)) > 0 : axes.in == kTransposed.in) return axes;
  }
  return std::nullopt;
}

bool IsDiscriminator(const DcganModules& modules) {
  const Convolutions& all = modules.convolutions;
  const bool judges = Out(all.back(), kPlain) == 1 ||
                      std::ranges::any_of(modules.linears,
                                          [](const auto& linear) { return linear.weight[0] == 1; });
  return Follow(all, kPlain) && In(all[0], kPlain) <= kMostChannels && judges;
}

// What a pickled module says of itself, or what is usual.
float EpsilonOf(const StateDict& dict, const std::string& norm, float usual) {
  const auto found = dict.modules.find(norm);
  if (found == dict.modules.end()) return usual;
  const auto epsilon = found->second.Number("eps");
  return epsilon && *epsilon > 0 && *epsilon < 1e3 ? static_cast<float>(*epsilon) : usual;
}

// How many modules without parameters stand between two of one container; nothing where their
// names do not tell.
std::optional<int64_t> GapBetween(const DcganModule& before, const DcganModule& after) {
  if (before.Container() != after.Container() || !before.Index() || !after.Index()) {
    return std::nullopt;
  }
  return *after.Index() - *before.Index() - 1;
}

class Reader {
 public:
  Reader(const StateDict& dict, DcganModules modules)
      : dict_(dict),
        modules_(std::move(modules)),
        axes_(GeneratorAxes(modules_).value()),
        collection_(modules_.linears.size() == 1 && modules_.linears[0].name == kCollectionStem &&
                    modules_.convolutions[0].module.Container() == kCollectionBlocks) {}

  DcganLayout Read() {
    DcganGenerator& g = out_.generator;
    Convolutions convolutions = modules_.convolutions;
    if (HasBranch(modules_)) {
      g.branch = LayerOf(convolutions[1]);
      g.branch->stride = 1, g.branch->padding = 0;
      g.condition = DcganCondition::kBranch;
      g.classes = In(convolutions[1], axes_);
      convolutions.erase(convolutions.begin() + 1);
    }
    g.latent = In(convolutions[0], axes_);
    if (!modules_.linears.empty()) ReadStem();
    for (const DcganConvolution& convolution : convolutions) {
      g.layers.push_back(LayerOf(convolution));
    }
    if (axes_.in == kPlain.in) ReadEnlargements(convolutions);
    g.slope = collection_ ? kCollectionSlope : 0;
    ReadEmbedding();
    out_.assumptions = {{"strides", InferSteps(dict_.modules, g)},
                        {"activations", collection_ ? "leaky ReLU and tanh (assumed: the file does "
                                                      "not say)"
                                                    : "ReLU and tanh (assumed: the file does not "
                                                      "say)"}};
    if (g.branch && g.branch->kernel != g.layers[0].kernel) FailBranch();
    AssumeTheRest();
    return std::move(out_);
  }

 private:
  DcganLayer LayerOf(const DcganConvolution& convolution) const {
    const DcganModule& module = convolution.module;
    if (module.weight[2] != module.weight[3]) {
      Fail(ErrorCode::kBadData, kName, "\"{}{}.weight\" wants a square kernel, got {}",
           Printable(dict_.prefix), Printable(module.name), module.weight.ToString());
    }
    DcganLayer layer{.name = module.name,
                     .channels = module.weight[axes_.out],
                     .kernel = module.weight[2],
                     .bias = module.bias,
                     .plain = axes_.in == kPlain.in};
    if (convolution.norm) {
      layer.norm = convolution.norm->name;
      layer.epsilon = EpsilonOf(dict_, layer.norm, collection_ ? kCollectionEpsilon : 1e-5f);
    }
    return layer;
  }

  // An activation stands behind its norm unless it is enlarged there; without a norm only where the
  // numbers leave room for it beside what makes a picture of the row.
  void ReadStem() {
    const DcganModule& linear = modules_.linears[0];
    const DcganConvolution& first = modules_.convolutions[0];
    DcganStem stem{.name = linear.name, .bias = linear.bias, .channels = In(first, axes_)};
    stem.side = SideOfStem(modules_, stem.channels);
    const bool plain = axes_.in == kPlain.in;
    std::optional<int64_t> gap = GapBetween(linear, first.module);
    stem.active = gap.has_value() && *gap >= 2;
    if (modules_.first_norm) {
      const DcganModule& norm = *modules_.first_norm;
      stem.norm = norm.name;
      stem.norm_of_row = norm.weight[0] != stem.channels;
      stem.epsilon = EpsilonOf(dict_, norm.name, 1e-5f);
      gap = GapBetween(norm, first.module);
      stem.active = gap ? *gap >= (plain || GapBetween(linear, norm) ? 2 : 1) : true;
    }
    out_.generator.latent = linear.weight[1];
    out_.generator.stem = std::move(stem);
  }

  // A plain convolution works on an enlarged picture where there is room for one module more than
  // the activation.
  void ReadEnlargements(const Convolutions& convolutions) {
    std::optional<DcganModule> before = modules_.first_norm;
    bool active = false;  // what stands before is followed by an activation
    for (size_t i = 0; i < convolutions.size(); ++i) {
      const DcganModule& module = convolutions[i].module;
      const std::optional<int64_t> gap = before ? GapBetween(*before, module) : std::nullopt;
      if (!gap && i > 0) {
        Fail(ErrorCode::kBadData, kName,
             "\"{}{}\" is a plain convolution whose number does not tell whether pixels are "
             "enlarged "
             "before it: a whole pickled module would, or ONNX",
             Printable(dict_.prefix), Printable(module.name));
      }
      const int64_t own = gap.value_or(module.Index().value_or(0));
      out_.generator.layers[i].doubled = own > (active ? 1 : 0);
      before = convolutions[i].norm ? convolutions[i].norm : module;
      active = true;
    }
  }

  void ReadEmbedding() {
    if (!modules_.embedding) return;
    DcganGenerator& g = out_.generator;
    const DcganModule& module = *modules_.embedding;
    const int64_t a = module.weight[0], b = module.weight[1];
    // Our own have as many numbers as classes, or as many as the latent where that is less.
    const bool own = module.name == kOwnEmbedding && (a == b || (a < b && 2 * a == g.latent));
    out_.embedding = module.name;
    out_.rows = !own;
    g.classes = own ? b : a;
    g.embedding = own ? a : b;
    if (!own && g.embedding == g.latent) {
      g.condition = DcganCondition::kTimes;
      return;
    }
    const int64_t inputs = g.latent;
    g.latent -= g.embedding;
    if (g.latent < 1) {
      Fail(ErrorCode::kBadData, kName,
           "\"{}{}.weight\" {} leaves none of the {} numbers that the first layer takes to the "
           "latent",
           Printable(dict_.prefix), Printable(module.name), module.weight.ToString(), inputs);
    }
  }

  [[noreturn]] void FailBranch() const {
    Fail(ErrorCode::kBadData, kName, "\"{}{}\" makes another size than \"{}\"",
         Printable(dict_.prefix), Printable(out_.generator.branch->name),
         Printable(out_.generator.layers[0].name));
  }

  void AssumeTheRest() {
    const DcganGenerator& g = out_.generator;
    if (collection_ && dict_.modules.empty()) {
      out_.assumptions.push_back({"norms",
                                  "epsilon 0.8 behind convolutions (assumed: as the "
                                  "collection with these names has it)"});
    }
    if (out_.rows) {
      out_.assumptions.push_back(
          {"class", g.condition == DcganCondition::kTimes
                        ? "its vector multiplies the latent (assumed: as long as the latent)"
                        : "its vector stands behind the latent (assumed)"});
    }
  }

  const StateDict& dict_;
  const DcganModules modules_;
  const Axes axes_;
  const bool collection_;
  DcganLayout out_;
};

}  // namespace

Sequence SequenceOf(const StateDict& dict) {
  // Of "embed.weight" and "gen.0.0.weight" the second alone is no network.
  for (const auto& [name, tensor] : dict.beside) {
    if (tensor.shape().rank() != 2) continue;
    return {SequenceKind::kNeither,
            fmt::format("has \"{}\" beside \"{}\"", Printable(name), Printable(dict.prefix))};
  }
  const auto modules = ModulesOf(dict);
  // One convolution alone follows nothing, and could be of any network.
  if (!modules || modules->convolutions.size() < 2) {
    return {SequenceKind::kNeither,
            "has no plain sequence of convolutions and batch norms (\"main.0.weight\", "
            "\"main.1.weight\"...)"};
  }
  if (GeneratorAxes(*modules)) return {SequenceKind::kGenerator, ""};
  if (IsDiscriminator(*modules)) return {SequenceKind::kDiscriminator, ""};
  const DcganModule& last = modules->convolutions.back().module;
  return {SequenceKind::kNeither,
          fmt::format("has convolutions that do not lead from random numbers to a picture "
                      "(\"{}{}.weight\" {} at the end)",
                      Printable(dict.prefix), Printable(last.name), last.weight.ToString())};
}

DcganLayout ReadDcganGenerator(const StateDict& dict) {
  auto modules = ModulesOf(dict);
  GAN_ASSERT(modules.has_value() && GeneratorAxes(*modules).has_value());
  return Reader(dict, std::move(*modules)).Read();
}

}  // namespace gan::core
