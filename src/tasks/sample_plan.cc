#include "tasks/sample_plan.h"

#include <algorithm>
#include <cmath>

#include "base/checked.h"
#include "base/error.h"

namespace gan::core {
namespace {

constexpr int64_t kMostPictures = 10'000'000;
constexpr int64_t kUsualCount = 64;
constexpr int64_t kUsualSide = 8;      // of a sheet
constexpr int64_t kUsualPoints = 4;    // of an animation
constexpr int64_t kFramesAPoint = 30;  // 2 s at the usual 60 ms

class Planner {
 public:
  Planner(const SampleRequest& request, int64_t classes, std::optional<int64_t> given,
          uint64_t seed)
      : request_(request), classes_(classes), given_(given), seed_(seed) {
    CheckClasses();
  }

  SamplePlan Folder() {
    if (request_.interpolation || request_.grid) {
      Fail(ErrorCode::kUsage, "sample",
           "a grid or an interpolation wants a file: a picture, or an animation (.mp4, .webp, "
           ".apng, .gif)");
    }
    const int64_t count = request_.count.value_or(given_.value_or(kUsualCount));
    Reserve(request_.per_class ? Times(count, classes_) : count);
    if (request_.per_class) {
      for (int64_t i = 0; i < Times(count, classes_); ++i) Add({.latent = i, .label = i / count});
    } else {
      for (int64_t i = 0; i < count; ++i) Add({.latent = i, .label = LabelOf(i, i)});
    }
    return Finish();
  }

  SamplePlan Sheet() {
    if (request_.interpolation) return InterpolatedSheet();
    if (request_.all_classes) return SheetOfClasses();
    const auto& grid = request_.grid;
    const int64_t cells = grid ? Times(grid->columns, grid->rows) : kMostPictures;
    const int64_t count = request_.count.value_or(grid ? cells : given_.value_or(kUsualCount));
    if (count > cells) {
      Fail(ErrorCode::kUsage, "grid", "{} pictures do not fit {} x {}", count, grid->columns,
           grid->rows);
    }
    plan_.columns =
        grid ? grid->columns
             : std::max<int64_t>(1, std::llround(std::ceil(std::sqrt(static_cast<double>(count)))));
    Reserve(count);
    for (int64_t i = 0; i < count; ++i) Add({.latent = i, .label = LabelOf(i, i)});
    return Finish();
  }

  SamplePlan Animation() {
    const auto grid = request_.grid.value_or(SampleRequest::Grid{1, 1});
    const bool row_a_class = RowAClass(request_.grid);
    const bool sweep = request_.all_classes && !row_a_class;
    const int64_t points = request_.count.value_or(sweep ? 1 : kUsualPoints);
    const int64_t frames =
        request_.frames.value_or(Times(sweep ? std::max(points, classes_) : points, kFramesAPoint));
    plan_.columns = grid.columns;
    plan_.cells = Times(grid.columns, grid.rows);
    Reserve(Times(frames, plan_.cells));
    for (int64_t frame = 0; frame < frames; ++frame) {
      const Way z = WayRound(frame, frames, points);
      const Way label = WayRound(frame, frames, classes_);
      for (int64_t cell = 0; cell < plan_.cells; ++cell) {
        // Rows that are classes show the same latents.
        const int64_t first = (row_a_class ? cell % grid.columns : cell) * points;
        SampleItem item{.latent = first + z.from, .towards = first + z.to, .share = z.share};
        if (sweep) {
          item.label = label.from, item.to_label = label.to, item.label_share = label.share;
        } else {
          item.label = row_a_class ? cell / grid.columns : LabelOf(cell, first);
        }
        Add(item);
      }
    }
    return Finish();
  }

 private:
  void CheckClasses() const {
    const bool asked = request_.all_classes || request_.one_class || !request_.labels.empty();
    if (asked && classes_ == 0) {
      Fail(ErrorCode::kUsage, "class", "this generator was trained without classes");
    }
    if (request_.per_class && !request_.all_classes) {
      Fail(ErrorCode::kUsage, "per-class", "wants all classes (--class all)");
    }
    const auto check = [&](int64_t label) {
      if (label >= 0 && label < classes_) return;
      Fail(ErrorCode::kUsage, "class", "wants a class from 0 to {}, got {}", classes_ - 1, label);
    };
    if (request_.one_class) check(*request_.one_class);
    for (const int64_t label : request_.labels) check(label);
  }

  // `place` among the pictures, rows or cells that take the classes in turn.
  int64_t LabelOf(int64_t place, int64_t latent) const {
    if (classes_ == 0) return -1;
    if (request_.one_class) return *request_.one_class;
    if (request_.all_classes) return place % classes_;
    if (request_.labels.empty()) return DrawBelow(seed_, latent, classes_);
    if (place < static_cast<int64_t>(request_.labels.size())) {
      return request_.labels[static_cast<size_t>(place)];
    }
    Fail(ErrorCode::kUsage, "labels", "holds {} classes, more are wanted", request_.labels.size());
  }

  bool RowAClass(const std::optional<SampleRequest::Grid>& grid) const {
    return request_.all_classes && grid && grid->rows == classes_;
  }

  // Between two of `points` places on the way round through all, after `step` of `steps`.
  struct Way {
    int64_t from, to;
    double share;
  };
  static Way WayRound(int64_t step, int64_t steps, int64_t points) {
    const int64_t from = step * points / steps;
    return {from, (from + 1) % std::max<int64_t>(points, 1),
            static_cast<double>(step * points % steps) / static_cast<double>(steps)};
  }

  SamplePlan SheetOfClasses() {
    if (request_.grid && !RowAClass(request_.grid)) {
      Fail(ErrorCode::kUsage, "grid",
           "wants one row for each of the {} classes, got {}; with --interpolate rows go through "
           "all",
           classes_, request_.grid->rows);
    }
    const int64_t count = request_.count.value_or(Times(kUsualSide, classes_));
    const int64_t each = request_.per_class ? count : (count + classes_ - 1) / classes_;
    plan_.columns = request_.grid ? request_.grid->columns : each;
    Reserve(Times(plan_.columns, classes_));
    for (int64_t label = 0; label < classes_; ++label) {
      for (int64_t i = 0; i < plan_.columns; ++i) Add({.latent = i, .label = label});
    }
    return Finish();
  }

  SamplePlan InterpolatedSheet() {
    SampleRequest::Grid grid{kUsualSide,
                             request_.count.value_or(request_.all_classes ? classes_ : kUsualSide)};
    if (request_.grid) grid = *request_.grid;
    if (request_.all_classes && grid.rows != classes_) return SheetThroughClasses(grid);
    plan_.columns = grid.columns;
    Reserve(Times(grid.columns, grid.rows));
    for (int64_t row = 0; row < grid.rows; ++row) {
      const int64_t from = request_.all_classes ? 0 : row;
      for (int64_t column = 0; column < grid.columns; ++column) {
        const auto last = static_cast<double>(std::max<int64_t>(grid.columns - 1, 1));
        Add({.latent = from,
             .towards = from + 1,
             .share = static_cast<double>(column) / last,
             .label = LabelOf(row, row)});
      }
    }
    return Finish();
  }

  SamplePlan SheetThroughClasses(SampleRequest::Grid grid) {
    if (!request_.grid) grid.columns = std::max(classes_, kUsualSide);
    plan_.columns = grid.columns;
    Reserve(Times(grid.columns, grid.rows));
    for (int64_t row = 0; row < grid.rows; ++row) {
      for (int64_t column = 0; column < grid.columns; ++column) {
        const int64_t last = std::max<int64_t>(grid.columns - 1, 1);
        const int64_t step = column * (classes_ - 1);
        Add({.latent = row,
             .label = step / last,
             .to_label = std::min(step / last + 1, classes_ - 1),
             .label_share = static_cast<double>(step % last) / static_cast<double>(last)});
      }
    }
    return Finish();
  }

  static int64_t Times(int64_t a, int64_t b) {
    return CheckedMul(a, b).value_or(kMostPictures + 1);
  }

  void Reserve(int64_t count) {
    if (count < 1 || count > kMostPictures) {
      Fail(ErrorCode::kUsage, "sample", "wants 1 to {} pictures, got {}", kMostPictures, count);
    }
    plan_.items.reserve(static_cast<size_t>(count));
  }

  void Add(const SampleItem& item) {
    plan_.items.push_back(item);
    if (classes_ == 0) plan_.items.back().label = -1;
    plan_.latents = std::max({plan_.latents, item.latent + 1, item.towards + 1});
  }

  SamplePlan Finish() {
    if (given_ && plan_.latents > *given_) {
      Fail(ErrorCode::kUsage, "latents", "holds {} rows, {} are wanted", *given_, plan_.latents);
    }
    return std::move(plan_);
  }

  const SampleRequest& request_;
  int64_t classes_;
  std::optional<int64_t> given_;
  uint64_t seed_;
  SamplePlan plan_;
};

}  // namespace

SamplePlan PlanSamples(SampleForm form, const SampleRequest& request, int64_t classes,
                       std::optional<int64_t> given, uint64_t seed) {
  if (request.frames && form != SampleForm::kAnimation) {
    Fail(ErrorCode::kUsage, "frames", "wants an animation: name a .mp4, .webp, .apng or .gif file");
  }
  Planner planner(request, classes, given, seed);
  switch (form) {
    case SampleForm::kSheet: return planner.Sheet();
    case SampleForm::kFolder: return planner.Folder();
    case SampleForm::kAnimation: return planner.Animation();
  }
  GAN_ASSERT(false);
}

}  // namespace gan::core
