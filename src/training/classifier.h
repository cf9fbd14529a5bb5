// Trains small classifiers: the shipped feature network, and the judge of generated pictures.
#ifndef GAN_TRAINING_CLASSIFIER_H_
#define GAN_TRAINING_CLASSIFIER_H_

#include <cstdint>
#include <span>

#include "base/progress.h"
#include "graph/graph.h"
#include "tensor/named_tensors.h"
#include "training/labelled_tensors.h"

namespace gan::core {

struct ClassifierOptions {
  int64_t steps = 1000;
  int64_t batch = 64;           // fewer where there are fewer pictures
  double learning_rate = 2e-3;  // Adam's at the start; falls to 0 along a cosine
  double weight_decay = 0;
  int64_t shift = 2;  // pictures are moved by up to so many pixels along each axis
  uint64_t seed = 1;  // of the weights, the order and the shifts
  int threads = 1;
};

// Weights by He et al. 2015, biases 0.
NamedTensors InitialClassifier(const Graph& graph, uint64_t seed);

// Cross entropy of output 1 of `graph` (see ClassifierGraph) under Adam. Each batch takes as much
// from one source as from another, however many pictures they have. The same numbers for the same
// arguments. Error kBadData: no pictures, or a label that the network has no class for;
// kInterrupted; kInternal: the loss is no number any more.
NamedTensors TrainClassifier(const Graph& graph, std::span<const LabelledTensors> sources,
                             const ClassifierOptions& options, const ProgressFn& progress = {},
                             const CancelFlag* cancel = nullptr);

struct Accuracy {
  double plain = 0;     // share of the pictures that are told right
  double balanced = 0;  // mean over the classes of that share
};

// Of output 1. Requires at least one picture.
Accuracy Score(const Graph& graph, const NamedTensors& parameters, const LabelledTensors& data,
               int threads = 1);

}  // namespace gan::core

#endif  // GAN_TRAINING_CLASSIFIER_H_
