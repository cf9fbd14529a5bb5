// A generator ready to run: its graph, its parameters, and what to tell people about it.
#ifndef GAN_MODELS_MODEL_H_
#define GAN_MODELS_MODEL_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"
#include "tensor/module_facts.h"
#include "tensor/named_tensors.h"

namespace gan::core {

// Something read off the tensors: {"num_feat", "64"}.
struct Fact {
  std::string name;
  std::string value;
};

// A generator that makes pictures from random numbers, and of classes when it was trained so.
struct LatentInfo {
  int64_t size = 0;     // random numbers a picture, each N(0, 1)
  int64_t classes = 0;  // 0: none
};

// The halves of a generator with styles (StyleGAN), whose parameters are among the whole's: random
// numbers become a style, and a style for each layer becomes a picture.
struct StyleSpace {
  int64_t width = 0;    // numbers of a style
  int64_t layers = 0;   // that take one each, from the coarsest
  std::string average;  // the parameter [1, width]; "" where the file holds none
  Graph mapping;        // the whole's inputs -> the style [N, width], not truncated
  // "w" [N, layers * width], the layers' styles one after another -> the whole's output.
  Graph synthesis;
  // By layer, what makes channels' scales of its style: a weight [C, width]. Of a layer that only
  // makes a picture where it is the last, else of the convolution.
  std::vector<std::string> affines;
};

// Of a generator with styles: parameters that a user's choice is written into, and its halves.
struct StyleControls {
  // [1, 1] each, by layer: how far from the average style to go, 1 for all the way. Empty: the file
  // holds no average.
  std::vector<std::string> truncations;
  std::vector<std::string> noises;     // [1, 1, H, W]
  std::vector<std::string> strengths;  // of the noises, [1, 1, 1, 1]
  StyleSpace space;
};

struct Model {
  std::string family;       // "esrgan", "compact", "ncnn"
  std::string description;  // one line: "ESRGAN x4: 23 RRDB blocks, 64 features, growth 32"
  // Input 0: [N, C, H, W] in [0, 1] (see signed_pictures), RGB or grey; output 0: a picture. With
  // `latent`: as Pair::generator has it.
  Graph graph;
  // f32, exactly those of the graph, under its names. Share memory with what they came from where
  // that was f32 already.
  NamedTensors parameters;
  std::vector<Fact> facts;
  std::optional<LatentInfo> latent;  // nothing: pictures come from pictures
  std::optional<StyleControls> style;
  bool signed_pictures = false;  // pictures in and out are in [-1, 1], not [0, 1]
};

// Finds the generator among the tensors of a checkpoint, whatever wraps it and lies beside it, and
// reads its family and sizes off it.
//
// `modules`: what whole modules that were pickled say of themselves; empty for other checkpoints.
//
// Error kBadData: no family of ours; the text says what the tensors look like and which of them
// spoke against each family. Or of a family, but with tensors missing, left over or of wrong size.
Model DetectModel(const NamedTensors& tensors, const ModuleTree& modules = {});

// Sizes of a network by their names in `facts`; what is left out has the family's usual value.
using ModelSizes = std::map<std::string, int64_t, std::less<>>;

// A network with random weights, for benchmarks and tests: the same for the same arguments.
// Error kUsage: unknown family or size (the known ones are named), or a size out of range.
Model BuildRandom(std::string_view family, const ModelSizes& sizes, uint64_t seed);

// For files that hold a graph of their own. `format` becomes the family.
// Error kBadData when the parameters do not fit the graph.
Model ModelFromGraph(Graph graph, NamedTensors parameters, std::string format);

// The names that BuildRandom takes.
std::vector<std::string_view> FamilyNames();

}  // namespace gan::core

#endif  // GAN_MODELS_MODEL_H_
