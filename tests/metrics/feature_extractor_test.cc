#include "metrics/feature_extractor.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "backends/cpu/backend.h"
#include "formats/safetensors.h"
#include "metrics/feature_matrix.h"
#include "metrics/feature_testing.h"
#include "metrics/picture_testing.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

class FeatureExtractorTest : public ::testing::Test {
 protected:
  FeatureExtractor Make(int64_t channels = 1, Resizer resizer = Resizer::kBilinear) {
    return FeatureExtractor(SmallFeatureModel(channels), *backend_, resizer);
  }
  ThreadPool pool_{2};
  std::unique_ptr<Backend> backend_ = MakeCpuBackend(pool_);
};

TEST_F(FeatureExtractorTest, GivesWhatTheNetworkGives) {
  FeatureExtractor extractor = Make();
  EXPECT_EQ(extractor.name(), "small-1");
  EXPECT_EQ(extractor.size(), 6);
  EXPECT_EQ(extractor.classes(), 3);
  // More than a batch, from the middle.
  const Features features = extractor.Extract(Stripes(1), 40, 150);
  EXPECT_EQ(features.values.shape(), (Shape{150, 6}));
  EXPECT_EQ(features.probabilities.shape(), (Shape{150, 3}));

  const FeatureModel model = SmallFeatureModel();
  const auto plain = backend_->Compile(model.graph, model.parameters);
  const Tensor pictures = extractor.Prepare(Stripes(1)(40 + 140, 1));
  const std::vector<Tensor> wanted = RunOnce(*plain, std::span(&pictures, 1));
  double sum = 0;
  for (const float logit : wanted[1].floats()) sum += std::exp(logit);
  for (size_t i = 0; i < 6; ++i) {
    EXPECT_NEAR(RowOf(features.values, 140)[i], wanted[0].floats()[i], 1e-6);
  }
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(RowOf(features.probabilities, 140)[i], std::exp(wanted[1].floats()[i]) / sum, 1e-6);
  }
}

TEST_F(FeatureExtractorTest, SeesPicturesAsTheyWouldBeSaved) {
  const FeatureExtractor extractor = Make();
  const float step = 2 / 255.0f;
  Tensor picture = Tensor::Zeros(DType::kF32, {1, 1, 12, 12});
  picture.floats()[0] = 1.7f;
  picture.floats()[1] = -1 + 3.4f * step;
  const Tensor seen = extractor.Prepare(picture);
  EXPECT_EQ(seen.floats()[0], 1);
  EXPECT_NEAR(seen.floats()[1], -1 + 3 * step, 1e-6);
}

TEST_F(FeatureExtractorTest, BringsEveryKindOfPictureToTheNetworks) {
  const FeatureExtractor grey = Make(1), colour = Make(3);
  Tensor rgba(DType::kF32, {1, 4, 12, 12});
  const float values[] = {1, -1, 1, -1};  // magenta that is not there: white
  for (size_t i = 0; i < 4 * 144; ++i) rgba.floats()[i] = values[i / 144];
  const Tensor clear = colour.Prepare(rgba);
  for (const float v : clear.floats()) EXPECT_EQ(v, 1);
  for (size_t i = 3 * 144; i < 4 * 144; ++i) rgba.floats()[i] = 1;
  EXPECT_NEAR(grey.Prepare(rgba).floats()[7], 0.299 - 0.587 + 0.114, 1e-6);
  const Tensor repeated = colour.Prepare(Stripes(3)(0, 1));
  EXPECT_EQ(repeated.shape(), (Shape{1, 3, 12, 12}));
  EXPECT_EQ(repeated.floats()[5], repeated.floats()[288 + 5]);

  EXPECT_EQ(grey.Preparation({1, 12, 12}), "resize none");
  EXPECT_EQ(grey.Preparation({3, 32, 12}), "resize bilinear to 12x12, RGB as grey");
  EXPECT_EQ(colour.Preparation({2, 12, 12}), "resize none, alpha on white, grey as RGB");
  EXPECT_EQ(Make(3, Resizer::kAntialias).Preparation({3, 9, 9}), "resize antialias to 12x12");
}

TEST_F(FeatureExtractorTest, IsKnownByItsWeights) {
  const uint64_t before = Make().fingerprint();
  EXPECT_EQ(Make().fingerprint(), before);
  FeatureModel other = SmallFeatureModel();
  Tensor weight = other.parameters.At("first");
  weight.floats()[0] += 1e-6f;
  EXPECT_NE(FeatureExtractor(other, *backend_, Resizer::kBilinear).fingerprint(), before);
}

TEST_F(FeatureExtractorTest, StopsAtWhatIsNotFinite) {
  FeatureModel broken = SmallFeatureModel();
  Tensor weight = broken.parameters.At("second");
  weight.floats()[0] = std::numeric_limits<float>::infinity();
  FeatureExtractor extractor(broken, *backend_, Resizer::kBilinear);
  EXPECT_TRUE(
      Contains(ErrorOf([&] { extractor.Extract(Stripes(1), 7, 3); }), "[features] small-1 gives "));
  CancelFlag cancel;
  cancel.Cancel();
  FeatureExtractor good = Make();
  EXPECT_THROW(good.Extract(Stripes(1), 0, 3, &cancel), Error);
}

TEST_F(FeatureExtractorTest, PixelsNeedNoWeights) {
  FeatureExtractor extractor(LoadFeatureModel("pixels"), *backend_, Resizer::kAntialias);
  EXPECT_EQ(extractor.size(), 432);
  EXPECT_EQ(extractor.classes(), 0);
  const PictureSource source = Stripes(1, 1, 3, 20);
  const Features features = extractor.Extract(source, 3, 2);
  EXPECT_TRUE(
      std::ranges::equal(features.values.floats(), extractor.Prepare(source(3, 2)).floats()));
}

TEST(LoadFeatureModel, SaysWhatItMisses) {
  EXPECT_TRUE(Contains(ErrorOf([] { LoadFeatureModel("/nowhere/weights.pth"); }), "nowhere"));
  const fs::path path = fs::temp_directory_path() / fmt::format("gan_no_features_{}", getpid());
  NamedTensors tensors;
  tensors.Add("conv.weight", Tensor::Zeros(DType::kF32, {1}));
  WriteSafetensors(path, tensors);
  EXPECT_TRUE(Contains(ErrorOf([&] { LoadFeatureModel(path.string()); }), "; inception: has no"));
  fs::remove(path);
}

}  // namespace
}  // namespace gan::core
