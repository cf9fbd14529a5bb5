// Which pictures a job of sampling makes, and how they are laid out.
#ifndef GAN_TASKS_SAMPLE_PLAN_H_
#define GAN_TASKS_SAMPLE_PLAN_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "tasks/latents.h"

namespace gan::core {

enum class SampleForm : uint8_t { kSheet, kFolder, kAnimation };

// What the user asked for; what is left out has a default that fits the form.
struct SampleRequest {
  // Pictures; with `per_class` of each class. For interpolation: rows of a sheet, or points that an
  // animation passes through.
  std::optional<int64_t> count;
  bool per_class = false;  // needs all_classes
  bool all_classes = false;
  std::optional<int64_t> one_class;  // excludes all_classes
  std::vector<int64_t> labels;       // or the class of each picture
  struct Grid {
    int64_t columns, rows;
  };
  std::optional<Grid> grid;
  std::optional<Interpolation> interpolation;
  std::optional<int64_t> frames;  // of an animation
};

// One picture.
struct SampleItem {
  int64_t latent = 0;      // by its index
  int64_t towards = -1;    // the latent at the other end; -1: none
  double share = 0;        // of the way there
  int64_t label = -1;      // -1: the generator knows no classes
  int64_t to_label = -1;   // the class at the other end; -1: none
  double label_share = 0;  // of the way there
};

struct SamplePlan {
  std::vector<SampleItem> items;  // of an animation: all cells of the first frame, then the next
  int64_t columns = 1;            // of a sheet or a frame
  int64_t cells = 1;              // pictures in one frame
  int64_t latents = 0;            // the greatest index used, plus 1
};

// A sheet has one row a class when all are wanted, the same latents in each row; in a folder every
// picture has its own. An interpolated sheet goes from one latent to the next in each row; an
// animation passes through `count` latents and ends where it began. Without a choice, each latent's
// class is drawn from `seed`.
//
// A sweep goes through all classes, from each to the next: an animation of all classes, and an
// interpolated sheet of all, unless its grid has one row a class, which then keeps its class. Each
// row of such a sheet keeps its latent and ends with the last class; an animation passes through
// one latent a cell unless `count` says more, and ends where it began.
//
//   classes  that the generator knows, 0: none
//   given    latents that there are, nothing: any number
//
// Error kUsage: what contradicts itself, asks for classes where there are none, or for more than
// 10 million pictures or the latents given.
SamplePlan PlanSamples(SampleForm form, const SampleRequest& request, int64_t classes,
                       std::optional<int64_t> given, uint64_t seed);

}  // namespace gan::core

#endif  // GAN_TASKS_SAMPLE_PLAN_H_
