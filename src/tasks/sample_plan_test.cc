#include "tasks/sample_plan.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <tuple>

#include "base/error.h"

namespace gan::core {
namespace {

using enum SampleForm;

SamplePlan Plan(SampleForm form, const SampleRequest& request, int64_t classes = 0,
                std::optional<int64_t> given = std::nullopt) {
  return PlanSamples(form, request, classes, given, 5);
}

TEST(SamplePlan, ASheetIsAboutSquareUnlessAGridIsGiven) {
  EXPECT_EQ(Plan(kSheet, {}).items.size(), 64u);
  EXPECT_EQ(Plan(kSheet, {}).columns, 8);
  EXPECT_EQ(Plan(kSheet, {.count = 10}).columns, 4);
  const SamplePlan wide = Plan(kSheet, {.grid = SampleRequest::Grid{6, 2}});
  EXPECT_EQ(wide.items.size(), 12u);
  EXPECT_EQ(wide.columns, 6);
  EXPECT_EQ(wide.items[3].label, -1);
  EXPECT_THROW(Plan(kSheet, {.count = 13, .grid = SampleRequest::Grid{6, 2}}), Error);
}

TEST(SamplePlan, ASheetOfClassesHasTheSameLatentsInEachRow) {
  const SamplePlan plan = Plan(kSheet, {.count = 3, .per_class = true, .all_classes = true}, 4);
  ASSERT_EQ(plan.items.size(), 12u);
  EXPECT_EQ(plan.columns, 3);
  EXPECT_EQ(plan.latents, 3);
  EXPECT_EQ(plan.items[7].label, 2);
  EXPECT_EQ(plan.items[7].latent, 1);
  EXPECT_EQ(Plan(kSheet, {.count = 10, .all_classes = true}, 4).items.size(), 12u);
  EXPECT_THROW(Plan(kSheet, {.all_classes = true, .grid = SampleRequest::Grid{5, 5}}, 4), Error);
}

TEST(SamplePlan, AFolderHasAPictureOfItsOwnEachTime) {
  for (const bool per_class : {false, true}) {
    const SampleRequest request{.count = 8, .per_class = per_class, .all_classes = true};
    const SamplePlan plan = Plan(kFolder, request, 4);
    std::set<int64_t> latents;
    std::map<int64_t, int> of_class;
    for (const SampleItem& item : plan.items) latents.insert(item.latent), ++of_class[item.label];
    EXPECT_EQ(latents.size(), plan.items.size());
    EXPECT_EQ(of_class.size(), 4u);
    for (const auto& [label, count] : of_class) EXPECT_EQ(count, per_class ? 8 : 2) << label;
  }
}

TEST(SamplePlan, ClassesAreDrawnUnlessChosen) {
  std::set<int64_t> drawn;
  for (const SampleItem& item : Plan(kFolder, {.count = 100}, 4).items) drawn.insert(item.label);
  EXPECT_EQ(drawn, (std::set<int64_t>{0, 1, 2, 3}));
  for (const SampleItem& item : Plan(kFolder, {.count = 9, .one_class = 2}, 4).items) {
    EXPECT_EQ(item.label, 2);
  }
  EXPECT_EQ(Plan(kFolder, {.count = 2, .labels = {3, 1}}, 4).items[0].label, 3);
  EXPECT_THROW(Plan(kFolder, {.count = 3, .labels = {3, 1}}, 4), Error);
  EXPECT_THROW(Plan(kFolder, {.one_class = 4}, 4), Error);
  EXPECT_THROW(Plan(kFolder, {.one_class = 0}), Error);
  EXPECT_THROW(Plan(kFolder, {.all_classes = true}), Error);
  EXPECT_THROW(Plan(kFolder, {.per_class = true}, 4), Error);
}

TEST(SamplePlan, RowsLeadFromOneLatentToTheNext) {
  const SamplePlan plan =
      Plan(kSheet, {.grid = SampleRequest::Grid{5, 3}, .interpolation = Interpolation::kLinear});
  ASSERT_EQ(plan.items.size(), 15u);
  EXPECT_EQ(plan.latents, 4);
  EXPECT_EQ(plan.items[5].latent, 1);
  EXPECT_EQ(plan.items[5].towards, 2);
  EXPECT_EQ(plan.items[5].share, 0);
  EXPECT_EQ(plan.items[9].share, 1);
  EXPECT_EQ(plan.items[7].share, 0.5);
}

TEST(SamplePlan, AnAnimationEndsWhereItBegan) {
  const SamplePlan plan = Plan(kAnimation, {.count = 3, .frames = 12});
  ASSERT_EQ(plan.items.size(), 12u);
  EXPECT_EQ(plan.items[0].latent, 0);
  EXPECT_EQ(plan.items[6].share, 0.5);
  EXPECT_EQ(plan.items[11].latent, 2);
  EXPECT_EQ(plan.items[11].towards, 0);
  const SamplePlan cells = Plan(kAnimation, {.count = 2, .grid = SampleRequest::Grid{1, 3}});
  EXPECT_EQ(cells.cells, 3);
  EXPECT_EQ(cells.items.size(), 180u);
  EXPECT_EQ(cells.items[2].latent, 4);
}

// As in a sheet: the same latents in each row.
TEST(SamplePlan, AnAnimationOfARowAClassKeepsEachRowsClass) {
  const SamplePlan plan =
      Plan(kAnimation, {.count = 2, .all_classes = true, .grid = SampleRequest::Grid{4, 3}}, 3);
  EXPECT_EQ(plan.cells, 12);
  EXPECT_EQ(plan.latents, 8);
  EXPECT_EQ(plan.items[5].label, 1);
  EXPECT_EQ(plan.items[5].to_label, -1);
  EXPECT_EQ(plan.items[5].latent, 2);
  EXPECT_EQ(plan.items[1].latent, 2);
}

TEST(SamplePlan, AnAnimationGoesThroughAllClassesAndBack) {
  const SamplePlan plan = Plan(kAnimation, {.all_classes = true}, 3);
  ASSERT_EQ(plan.items.size(), 90u);
  EXPECT_EQ(plan.latents, 1);
  const auto at = [&](size_t i) {
    const SampleItem& item = plan.items[i];
    return std::tuple(item.label, item.to_label, item.label_share);
  };
  EXPECT_EQ(at(0), std::tuple(0, 1, 0.0));
  EXPECT_EQ(at(15), std::tuple(0, 1, 0.5));
  EXPECT_EQ(at(30), std::tuple(1, 2, 0.0));
  EXPECT_EQ(at(75), std::tuple(2, 0, 0.5));
  // Latents of their own in each cell, which move only when there are several.
  const SamplePlan cells =
      Plan(kAnimation,
           {.count = 2, .all_classes = true, .grid = SampleRequest::Grid{2, 2}, .frames = 12}, 3);
  ASSERT_EQ(cells.items.size(), 48u);
  EXPECT_EQ(cells.items[3].latent, 6);
  EXPECT_EQ(cells.items[3].towards, 7);
  EXPECT_EQ(cells.items[24 + 3].latent, 7);
  EXPECT_EQ(cells.items[24 + 3].label, 1);
  EXPECT_EQ(cells.items[24 + 3].label_share, 0.5);
  EXPECT_EQ(Plan(kAnimation, {.all_classes = true}, 1).items[7].to_label, 0);
}

TEST(SamplePlan, ASheetGoesThroughAllClassesInEachRow) {
  const SampleRequest request{.all_classes = true,
                              .grid = SampleRequest::Grid{9, 2},
                              .interpolation = Interpolation::kLinear};
  const SamplePlan plan = Plan(kSheet, request, 5);
  ASSERT_EQ(plan.items.size(), 18u);
  EXPECT_EQ(plan.items[1].label, 0);
  EXPECT_EQ(plan.items[1].to_label, 1);
  EXPECT_EQ(plan.items[1].label_share, 0.5);
  EXPECT_EQ(plan.items[8].label, 4);
  EXPECT_EQ(plan.items[8].label_share, 0);
  EXPECT_EQ(plan.items[17].latent, 1);
  EXPECT_EQ(plan.items[17].towards, -1);
  // One row a class keeps the class.
  const SamplePlan rows =
      Plan(kSheet, {.all_classes = true, .interpolation = Interpolation::kLinear}, 5);
  EXPECT_EQ(rows.items.size(), 40u);
  EXPECT_EQ(rows.items[39].label, 4);
  EXPECT_EQ(rows.items[39].to_label, -1);
  EXPECT_EQ(
      Plan(kSheet, {.count = 2, .all_classes = true, .interpolation = Interpolation::kLinear}, 20)
          .columns,
      20);
}

TEST(SamplePlan, RefusesWhatMakesNoSense) {
  EXPECT_THROW(Plan(kSheet, {.frames = 10}), Error);
  EXPECT_THROW(Plan(kFolder, {.interpolation = Interpolation::kLinear}), Error);
  EXPECT_THROW(Plan(kFolder, {.count = 0}), Error);
  EXPECT_THROW(Plan(kFolder, {.count = int64_t{1} << 62}), Error);
  EXPECT_THROW(
      Plan(kFolder, {.count = int64_t{1} << 62, .per_class = true, .all_classes = true}, 10),
      Error);
  EXPECT_EQ(Plan(kFolder, {}, 0, 7).items.size(), 7u);
  EXPECT_THROW(Plan(kFolder, {.count = 8}, 0, 7), Error);
}

}  // namespace
}  // namespace gan::core
