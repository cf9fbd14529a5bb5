// The latent whose picture is most like a given one, by descending along its gradient.
#ifndef GAN_TRAINING_PROJECTION_H_
#define GAN_TRAINING_PROJECTION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/progress.h"
#include "graph/graph.h"
#include "tensor/named_tensors.h"
#include "tensor/tensor.h"

namespace gan::core {

struct ProjectionProblem {
  // Input 0: latents [N, size * repeats], or a picture of one pixel of so many channels; input 1,
  // with `classes`: [N, classes], one-hot. Output 0: pictures in [-1, 1].
  const Graph* graph = nullptr;
  const NamedTensors* parameters = nullptr;
  int64_t classes = 0;
  Tensor target;                // [C, H, W], in [-1, 1]
  Tensor candidates;            // [n, size]: where to begin from
  std::vector<int64_t> labels;  // one a candidate, with `classes`
  int64_t repeats = 1;          // a latent is given so many times: a style to each of the layers
  float unit = 1;               // the usual deviation of a latent's numbers: what steps are in
};

struct ProjectionSettings {
  int64_t steps = 500;
  int64_t tries = 4;   // of the candidates nearest to the target, that go on side by side
  double rate = 0.05;  // of Adam, in units
  std::string device = "cpu";
  int threads = 1;
};

struct ProjectedLatent {
  Tensor latent;           // [1, size]
  int64_t label = -1;      // with classes
  double start_error = 0;  // of the best candidate; mean square of differences, in [-1, 1]
  double error = 0;        // of `latent`
};

// Minimises the mean square of the differences: tries the candidates, lets the nearest descend, and
// gives the best that any of them reached. The rate rises at the beginning and falls at the end.
// (Karras et al. 2020, appendix D) The same for the same arguments.
//
// Error kUsage: no steps, tries or rate; kBadData: a target of another shape than the pictures;
// kInternal: no candidate's picture is finite; kInterrupted. Others as of TrainingDeviceNamed.
ProjectedLatent ProjectOntoLatents(const ProjectionProblem& problem,
                                   const ProjectionSettings& settings,
                                   const ProgressFn& progress = {},
                                   const CancelFlag* cancel = nullptr);

}  // namespace gan::core

#endif  // GAN_TRAINING_PROJECTION_H_
