#include "models/styles.h"

#include <gtest/gtest.h>

#include <functional>
#include <numeric>
#include <string>

#include "base/error.h"
#include "models/style_choice.h"

namespace gan::core {
namespace {

Model Small() {
  return BuildRandom("stylegan2",
                     {{"size", 8}, {"latent", 4}, {"style", 3}, {"mapping", 1}, {"base", 32}}, 3);
}

Tensor Counted(const Shape& shape) {
  Tensor out(DType::kF32, shape);
  std::iota(out.floats().begin(), out.floats().end(), 0.0f);
  return out;
}

std::string MessageOf(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(StyleSpace, SaysWhatTheGeneratorHas) {
  const Model model = Small();
  const StyleSpace& space = model.style->space;
  EXPECT_EQ(space.width, 3);
  EXPECT_EQ(space.layers, 4);  // one convolution, two, the last picture
  EXPECT_EQ(space.affines,
            (std::vector<std::string>{
                "synthesis.b4.conv1.affine.weight", "synthesis.b8.conv0.affine.weight",
                "synthesis.b8.conv1.affine.weight", "synthesis.b8.torgb.affine.weight"}));
  CheckParameters(space.mapping, model.parameters);
  CheckParameters(space.synthesis, model.parameters);
  EXPECT_EQ(ToString(space.mapping.value(space.mapping.outputs[0]).shape), "[N, 3]");
  EXPECT_EQ(ToString(space.synthesis.value(space.synthesis.inputs[0]).shape), "[N, 12]");
}

TEST(StyleRows, RepeatsOneStyleAndKeepsThoseOfLayers) {
  const StyleSpace space{.width = 2, .layers = 3};
  const Tensor rows = StyleRows(space, Counted({2, 2}), "x");
  EXPECT_EQ(rows.shape(), (Shape{2, 6}));
  const float wanted[] = {0, 1, 0, 1, 0, 1, 2, 3, 2, 3, 2, 3};
  EXPECT_TRUE(std::ranges::equal(rows.floats(), wanted));
  EXPECT_TRUE(std::ranges::equal(StyleRows(space, Counted({2, 3, 2}), "x").floats(),
                                 Counted({12}).floats()));
  EXPECT_EQ(MessageOf([&] {
              StyleRows(space, Counted({2, 5}), "x");
            }),
            "[x] wants styles as [N, 2], or one for each layer as [N, 3, 2], got [2, 5]");
  EXPECT_NE(MessageOf([&] { StyleRows(space, Counted({2, 4, 2}), "x"); }), "no error");
}

TEST(TruncatedStyles, GoesTowardsTheAverage) {
  Model model = Small();
  const Tensor w = Counted({2, 3});
  EXPECT_EQ(TruncatedStyles(model, w).floats().data(), w.floats().data()) << "nothing to do";
  ApplyStyleChoice({.truncation = 0}, model);
  const auto average = model.parameters.At("mapping.w_avg").floats();
  const Tensor none = TruncatedStyles(model, w);
  EXPECT_TRUE(std::ranges::equal(none.floats().subspan(3), average));
  ApplyStyleChoice({.truncation = 0.5}, model);
  const Tensor half = TruncatedStyles(model, w);
  EXPECT_EQ(half.shape(), w.shape());
  EXPECT_FLOAT_EQ(half.floats()[4], (4 + average[1]) / 2);
}

TEST(TruncatedStyles, GivesEachLayerItsOwnWhereTheyDiffer) {
  Model model = Small();
  ApplyStyleChoice({.truncation = 0, .cutoff = 2}, model);
  const Tensor w = Counted({1, 3});
  const Tensor out = TruncatedStyles(model, w);
  EXPECT_EQ(out.shape(), (Shape{1, 4, 3}));
  const auto average = model.parameters.At("mapping.w_avg").floats();
  EXPECT_TRUE(std::ranges::equal(out.floats().subspan(3, 3), average));
  EXPECT_FLOAT_EQ(out.floats()[8], 2);
  const Tensor again = TruncatedStyles(model, out);
  EXPECT_EQ(again.shape(), out.shape());
  EXPECT_FLOAT_EQ(again.floats()[8], 2);
  Model free = model;
  free.parameters = WithoutTruncation(model);
  EXPECT_EQ(TruncatedStyles(free, w).floats().data(), w.floats().data());
  EXPECT_EQ(free.parameters.size(), model.parameters.size());
}

TEST(MixStyles, TakesLayersOfTheColumn) {
  const StyleSpace space{.width = 2, .layers = 3};
  const Tensor a = Counted({2, 6});
  Tensor b = Counted({3, 6});
  for (float& x : b.floats()) x += 100;
  const Tensor mixed = MixStyles(space, a, b, {1, 1});
  EXPECT_EQ(mixed.shape(), (Shape{6, 6}));
  const auto last = mixed.floats().subspan(30);  // row 1, column 2
  EXPECT_TRUE(std::ranges::equal(last, std::vector<float>{6, 7, 114, 115, 10, 11}));
  const Tensor all = MixStyles(space, a, b, {0, 2});
  EXPECT_TRUE(std::ranges::equal(all.floats().subspan(0, 18), b.floats()));
  EXPECT_EQ(MessageOf([&] {
              MixStyles(space, a, b, {2, 3});
            }),
            "[layers] wants layers from 0 to 2, got 2 to 3");
  EXPECT_NE(MessageOf([&] { MixStyles(space, a, b, {2, 1}); }), "no error");
}

}  // namespace
}  // namespace gan::core
