#include "gan/evaluate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <string>

#include "api/testing_files.h"
#include "base/random.h"
#include "formats/npy.h"
#include "gan/error.h"
#include "media/picture.h"

namespace gan {
namespace {

using core::Shape;
using core::Tensor;

// Blobs of light at random places, [n, 16, 16] in [0, 1].
Tensor Blobs(int64_t n, uint64_t seed, double width = 3) {
  Tensor out(core::DType::kF32, {n, 16, 16});
  core::Random random(seed);
  float* to = out.floats().data();
  for (int64_t i = 0; i < n; ++i) {
    const double x = 16 * random.Uniform(), y = 16 * random.Uniform();
    for (int p = 0; p < 256; ++p) {
      const double dx = p % 16 - x, dy = p / 16 - y;
      *to++ = static_cast<float>(std::exp(-(dx * dx + dy * dy) / (2 * width * width)));
    }
  }
  return out;
}

class EvaluateTest : public ::testing::Test {
 protected:
  EvaluateTest() {
    core::WriteNpy(folder_ / "real.npy", Blobs(120, 1));
    core::WriteNpy(folder_ / "made.npy", Blobs(60, 2));
    core::WriteNpy(folder_ / "wide.npy", Blobs(60, 2, 6));
    options_.features = "pixels";
    options_.resizer = "antialias";
    options_.cache = folder_ / "cache";
    engine_.threads = 2;
  }

  Evaluation Judge(const char* made) {
    return Evaluate(folder_ / made, folder_ / "real.npy", options_, engine_);
  }

  std::string ErrorOf(const std::string& made, const std::string& reference) {
    try {
      Evaluate(made, reference, options_, engine_);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }

  testing::TemporaryFolder folder_;
  EvaluateOptions options_;
  EngineOptions engine_;
};

double ValueOf(const Evaluation& evaluation, const std::string& name) {
  for (const Figure& figure : evaluation.figures) {
    if (figure.name == name) return figure.value;
  }
  return -1;
}

TEST_F(EvaluateTest, TellsTheSameKindFromAnother) {
  const Evaluation same = Judge("made.npy");
  EXPECT_EQ(same.made_pictures, 60);
  EXPECT_EQ(same.reference_pictures, 120);
  ASSERT_EQ(same.figures.size(), options_.metrics.size());
  EXPECT_EQ(same.figures[0].protocol,
            "FID, pixels features (432), resize antialias to 12x12, grey as RGB, 60 made vs 120 "
            "reference (real.npy, train), seed 0");
  const Evaluation other = Judge("wide.npy");
  EXPECT_LT(ValueOf(same, "fid"), ValueOf(other, "fid"));
  EXPECT_GT(ValueOf(same, "coverage"), ValueOf(other, "coverage"));
  EXPECT_GT(ValueOf(same, "coverage"), 0.7);
}

TEST_F(EvaluateTest, TheSecondTimeIsTheSame) {
  const Evaluation first = Judge("made.npy");
  const Evaluation again = Judge("made.npy");
  for (size_t i = 0; i < first.figures.size(); ++i) {
    EXPECT_EQ(first.figures[i].value, again.figures[i].value) << first.figures[i].name;
  }
}

TEST_F(EvaluateTest, WritesTheNeighbours) {
  options_.metrics = {"memorisation"};
  options_.neighbours = folder_ / "sheet.png";
  options_.neighbour_rows = 3;
  options_.nearest = 2;
  const Evaluation evaluation = Judge("real.npy");
  EXPECT_EQ(ValueOf(evaluation, "memorisation"), 1);
  const Tensor sheet = core::ReadPicture(evaluation.neighbours);
  EXPECT_EQ(sheet.shape(), (Shape{1, 3 * 17 - 1, 7 * 17 - 1}));
}

TEST_F(EvaluateTest, SaysInOneLineWhatIsWrong) {
  const std::string real = folder_ / "real.npy", made = folder_ / "made.npy";
  EXPECT_NE(ErrorOf(made, folder_ / "nowhere").find("nowhere"), std::string::npos);
  EXPECT_NE(ErrorOf(folder_ / "nothing", real).find("nothing"), std::string::npos);
  core::WriteNpy(folder_ / "few.npy", Blobs(4, 3));
  EXPECT_NE(ErrorOf(made, folder_ / "few.npy").find("more than 5 pictures"), std::string::npos);
  options_.metrics = {"fid", "fud"};
  EXPECT_NE(ErrorOf(made, real).find("not \"fud\""), std::string::npos);
  options_.metrics = {"is"};
  EXPECT_NE(ErrorOf(made, real).find("wants a network that classifies"), std::string::npos);
  options_.metrics = {"fid"};
  options_.features = folder_ / "weights.pth";
  EXPECT_NE(ErrorOf(made, real).find("weights.pth"), std::string::npos);
  options_.features = "pixels";
  options_.neighbours = folder_ / "sheet.xyz";
  EXPECT_NE(ErrorOf(made, real).find("xyz"), std::string::npos);
}

TEST_F(EvaluateTest, DrawsFromAGenerator) {
  const core::Model model = core::BuildRandom(
      "dcgan", {{"size", 16}, {"channels", 1}, {"width", 4}, {"latent", 8}, {"classes", 3}}, 7);
  core::WriteSafetensors(folder_ / "generator.safetensors", model.parameters);
  options_.samples = 40;
  options_.metrics = {"fid", "coverage"};
  const Evaluation file = Judge("generator.safetensors");
  EXPECT_EQ(file.made_pictures, 40);
  const Evaluation run = Judge("");  // the folder that it lies in, as of a training run
  EXPECT_EQ(ValueOf(run, "fid"), ValueOf(file, "fid"));
  options_.seed = 1;
  EXPECT_NE(ValueOf(Judge("generator.safetensors"), "fid"), ValueOf(file, "fid"));
  testing::WriteCompact(folder_ / "compact.safetensors");
  EXPECT_NE(ErrorOf(folder_ / "compact.safetensors", folder_ / "real.npy")
                .find("makes pictures from pictures"),
            std::string::npos);
}

TEST_F(EvaluateTest, ComparesByTheShippedNetwork) {
  options_.features = "glyphs";
  options_.metrics = {"fid", "is"};
  const Evaluation evaluation = Judge("made.npy");
  EXPECT_NE(evaluation.figures[0].protocol.find("FID, glyphs-1 features (128)"), std::string::npos);
  EXPECT_GT(ValueOf(evaluation, "is"), 1);
}

TEST(EvaluateOptions, AreReadFromText) {
  EvaluateOptions options;
  for (const Option<EvaluateOptions>& option : EvaluateOptionList()) {
    if (option.name == std::string("metrics")) option.set(options, "kid,recall");
    if (option.name == std::string("seed")) option.set(options, "12");
  }
  EXPECT_EQ(options.metrics, (std::vector<std::string>{"kid", "recall"}));
  EXPECT_EQ(options.seed, 12u);
  for (const Option<EvaluateOptions>& option : EvaluateOptionList()) {
    if (option.name == std::string("metrics")) option.set(options, "all");
    if (option.name != std::string("nearest")) continue;
    EXPECT_THROW(option.set(options, "0"), Error);
  }
  EXPECT_EQ(options.metrics.size(), 10u);
}

}  // namespace
}  // namespace gan
