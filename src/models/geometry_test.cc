#include "models/geometry.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace gan::core {
namespace {

SymbolicShape Picture(int64_t channels, int64_t multiple = 1) {
  return {Dim::Symbol("N"), channels, Dim::Symbol("H", multiple), Dim::Symbol("W", multiple)};
}

ValueId Conv3x3(GraphBuilder& b, ValueId x, const std::string& name, int64_t padding) {
  const int64_t channels = b.ShapeOf(x)[1].constant();
  const ValueId weight = b.Parameter(name, {channels, channels, 3, 3});
  return b.Add(Conv2d{.kernel = {3, 3}, .padding = {padding, padding, padding, padding}},
               {x, weight});
}

TEST(Geometry, SameSizeNetwork) {
  GraphBuilder b("same");
  ValueId x = b.Input("x", Picture(3));
  x = Conv3x3(b, x, "a", 1);
  x = Conv3x3(b, x, "b", 1);
  EXPECT_EQ(GeometryOf(b.Finish({x})), (PictureGeometry{.context = 2}));
}

TEST(Geometry, ValidConvolutionsLoseAMargin) {
  GraphBuilder b("valid");
  ValueId x = b.Input("x", Picture(4));
  x = Conv3x3(b, x, "a", 0);
  x = Conv3x3(b, x, "b", 0);
  x = b.Add(PixelShuffle{2}, {x});
  EXPECT_EQ(GeometryOf(b.Finish({x})),
            (PictureGeometry{
                .in_channels = 4, .out_channels = 1, .scale_num = 2, .margin = 2, .context = 2}));
}

TEST(Geometry, UnshuffledInputWantsMultiples) {
  GraphBuilder b("unshuffled");
  ValueId x = b.Input("x", Picture(1, 2));
  x = b.Add(PixelUnshuffle{2}, {x});
  x = Conv3x3(b, x, "a", 1);
  const PictureGeometry geometry = GeometryOf(b.Finish({x}));
  EXPECT_EQ(geometry.scale_num, 1);
  EXPECT_EQ(geometry.scale_den, 2);
  EXPECT_EQ(geometry.multiple, 2);
  EXPECT_EQ(geometry.context, 2);
}

TEST(Geometry, KnowsTheOneSizeThatAFixedNetworkTakes) {
  GraphBuilder b("fixed");
  ValueId x = b.Input("x", {Dim::Symbol("N"), 1, 6, 8});
  x = b.Add(Resize{.num = {3, 3}, .den = {2, 2}}, {Conv3x3(b, x, "a", 1)});
  EXPECT_EQ(GeometryOf(b.Finish({x})), (PictureGeometry{.in_channels = 1,
                                                        .out_channels = 1,
                                                        .scale_num = 3,
                                                        .scale_den = 2,
                                                        .everything = true,
                                                        .fixed_height = 6,
                                                        .fixed_width = 8}));
  GraphBuilder unlike("unlike");
  x = unlike.Input("x", {Dim::Symbol("N"), 1, 6, 8});
  x = unlike.Add(Resize{.num = {2, 1}}, {x});
  EXPECT_THROW(GeometryOf(unlike.Finish({x})), Error);
}

TEST(Geometry, GrainsWidenWhatABitDependsOn) {
  GraphBuilder b("grains");
  ValueId x = b.Input("x", Picture(1));
  const ValueId weight = b.Parameter("w", {1, 1, 3, 3});
  const Conv2d same{.kernel = {3, 3}, .padding = {1, 1, 1, 1}};
  x = b.Add(same, {b.Add(same, {x, weight}), weight});
  x = b.Add(same, {b.Add(Resize{.num = {2, 2}}, {x}), weight});
  const PictureGeometry geometry =
      GeometryOf(b.Finish({x}), [](size_t node) { return Grain{node == 2 ? 1 : 4}; });
  EXPECT_EQ(geometry.context, 3);
  EXPECT_EQ(geometry.grid, 4);
  // Output rows 0 to 7 read -1 to 8 of the doubled picture, -1 to 4 of the small one; then it is
  // whole tiles of 4, and a pixel beside them, twice: -9 to 12.
  EXPECT_EQ(geometry.exact_context, 9);
}

TEST(Geometry, GlobalPoolSeesEverything) {
  GraphBuilder b("global");
  const ValueId x = b.Input("x", Picture(3));
  const ValueId mean = b.Add(GlobalPool{}, {x});
  EXPECT_TRUE(GeometryOf(b.Finish({b.Add(Binary{BinaryKind::kMultiply}, {x, mean})})).everything);
}

TEST(Geometry, RefusesWhatIsNoPictureMap) {
  GraphBuilder grows("grows");
  const ValueId a = grows.Input("x", Picture(3));
  const Graph grown = grows.Finish({grows.Add(Pad2d{.padding = {1, 1, 1, 1}}, {a})});
  EXPECT_THROW(GeometryOf(grown), Error);

  GraphBuilder uneven("uneven");
  const ValueId c = uneven.Input("x", Picture(3));
  const Graph stretched = uneven.Finish({uneven.Add(Resize{.num = {2, 3}}, {c})});
  EXPECT_THROW(GeometryOf(stretched), Error);

  GraphBuilder floors("floors");
  const ValueId d = floors.Input("x", Picture(3));
  const Graph floored = floors.Finish({floors.Add(Resize{.den = {2, 2}}, {d})});
  EXPECT_THROW(GeometryOf(floored), Error);

  GraphBuilder mean("mean");
  const ValueId e = mean.Input("x", Picture(3));
  const Graph pooled = mean.Finish({mean.Add(GlobalPool{}, {e})});
  EXPECT_THROW(GeometryOf(pooled), Error);
}

}  // namespace
}  // namespace gan::core
