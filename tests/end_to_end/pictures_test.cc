// `gan upscale` on pictures of every kind: what must be kept is kept, and nothing else is written.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "formats/safetensors.h"
#include "media/picture.h"
#include "models/model.h"
#include "program.h"

namespace gan::testing {
namespace {

// A picture with edges and slopes, [channels, height, width]; the last of 2 or 4 channels, alpha,
// is a disc.
core::Tensor Drawn(int64_t channels, int64_t height, int64_t width) {
  core::Tensor picture(core::DType::kF32, {channels, height, width});
  const auto values = picture.floats();
  size_t i = 0;
  for (int64_t c = 0; c < channels; ++c) {
    for (int64_t y = 0; y < height; ++y) {
      for (int64_t x = 0; x < width; ++x) {
        const double from_centre = std::hypot(y - height / 2.0, x - width / 2.0);
        const bool alpha = channels % 2 == 0 && c == channels - 1;
        values[i++] = alpha ? (from_centre < static_cast<double>(width) / 3 ? 1.0f : 0.0f)
                            : static_cast<float>((x / 4 + y / 4 + c) % 8) / 8;
      }
    }
  }
  return picture;
}

class Upscale : public ::testing::Test {
 protected:
  void SetUp() override { WriteModel(folder_ / "m.safetensors"); }

  Outcome Enlarge(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"upscale", "-m", folder_ / "m.safetensors"});
    return RunGan(arguments);
  }

  // Draws `name` and enlarges it to `out`.
  core::PictureInfo Through(const std::string& name, const core::Tensor& picture,
                            const core::PictureWriteOptions& options, const std::string& out) {
    core::WritePicture(folder_ / name, picture, options);
    const Outcome outcome = Enlarge({folder_ / name, "-o", folder_ / out});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    return core::PictureReader(folder_ / out).info();
  }

  Folder folder_;
};

TEST_F(Upscale, KeepsAlpha) {
  const core::PictureInfo info = Through("a.png", Drawn(4, 24, 30), {}, "b.png");
  EXPECT_EQ(info.width, 60);
  EXPECT_EQ(info.height, 48);
  EXPECT_TRUE(info.has_alpha);
  EXPECT_EQ(info.colours, 3);
  const core::Tensor out = core::ReadPicture(folder_ / "b.png");
  const auto alpha = out.floats().last(60 * 48);
  EXPECT_EQ(alpha[0], 0) << "the corner is outside the disc";
}

TEST_F(Upscale, KeepsSixteenBitsAndGrey) {
  core::PictureWriteOptions sixteen;
  sixteen.bits = 16;
  const core::PictureInfo info = Through("a.tif", Drawn(1, 20, 20), sixteen, "b.tif");
  EXPECT_EQ(info.bits, 16);
  EXPECT_EQ(info.colours, 1);
  EXPECT_FALSE(info.has_alpha);
}

TEST_F(Upscale, TakesTinyAndThinPictures) {
  EXPECT_EQ(Through("one.png", Drawn(3, 1, 1), {}, "one2.png").width, 2);
  const core::PictureInfo thin = Through("thin.png", Drawn(3, 1000, 3), {}, "thin2.png");
  EXPECT_EQ(thin.width, 6);
  EXPECT_EQ(thin.height, 2000);
}

TEST_F(Upscale, AnySizeWithAnyModel) {
  core::WritePicture(folder_ / "a.png", Drawn(3, 20, 30), {});
  const struct {
    std::vector<std::string> size;
    int64_t width, height;
  } cases[] = {{{"--scale", "3"}, 90, 60},
               {{"--scale", "0.5"}, 15, 10},
               {{"--width", "75"}, 75, 50},
               {{"--height", "100"}, 150, 100},
               {{"--width", "31", "--height", "17"}, 31, 17}};
  for (const auto& c : cases) {
    std::vector<std::string> arguments = c.size;
    arguments.insert(arguments.end(), {folder_ / "a.png", "-o", folder_ / "b.png"});
    ASSERT_EQ(Enlarge(arguments).code, 0);
    const core::PictureInfo info = core::PictureReader(folder_ / "b.png").info();
    EXPECT_EQ(info.width, c.width) << c.size[0] << c.size[1];
    EXPECT_EQ(info.height, c.height);
  }
}

TEST_F(Upscale, ExactTilesAreTheWholePicture) {
  core::WritePicture(folder_ / "a.png", Drawn(3, 90, 110), {});
  const auto bytes = [&](const std::vector<std::string>& extra) {
    std::vector<std::string> arguments = extra;
    arguments.insert(arguments.end(), {folder_ / "a.png", "-o", folder_ / "b.png"});
    const Outcome outcome = Enlarge(arguments);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return ReadAll(folder_ / "b.png");
  };
  const std::string whole = bytes({"--tile", "off"});
  EXPECT_EQ(bytes({"--tile", "off", "--threads", "3"}), whole);
  EXPECT_EQ(bytes({"--tile", "exact", "--max-memory", "80M"}), whole);
}

TEST_F(Upscale, BlendedTilesShowNoSeam) {
  core::WritePicture(folder_ / "a.png", Drawn(3, 90, 110), {});
  ASSERT_EQ(Enlarge({"--tile", "off", folder_ / "a.png", "-o", folder_ / "whole.png"}).code, 0);
  ASSERT_EQ(Enlarge({"--tile", "48", folder_ / "a.png", "-o", folder_ / "tiles.png"}).code, 0);
  const core::Tensor whole = core::ReadPicture(folder_ / "whole.png");
  const core::Tensor tiles = core::ReadPicture(folder_ / "tiles.png");
  double error = 0;
  for (size_t i = 0; i < whole.floats().size(); ++i) {
    const double difference = whole.floats()[i] - tiles.floats()[i];
    error += difference * difference;
  }
  const double psnr = -10 * std::log10(error / whole.floats().size() + 1e-12);
  EXPECT_GE(psnr, 50);
}

TEST_F(Upscale, OutputStandsBesideTheInput) {
  core::WritePicture(folder_ / "a.png", Drawn(3, 8, 8), {});
  EXPECT_EQ(Enlarge({folder_ / "a.png"}).code, 0);
  EXPECT_EQ(Enlarge({folder_ / "a.png", "--suffix", "-big", "--format", "jpeg"}).code, 0);
  EXPECT_EQ(folder_.files(),
            (std::vector<std::string>{"a-big.jpg", "a.png", "a_x2.png", "m.safetensors"}));
}

TEST_F(Upscale, MirrorsFoldersAndGoesOnAfterABadFile) {
  std::filesystem::create_directories(folder_ / "in/deep");
  core::WritePicture(folder_ / "in/a.png", Drawn(3, 8, 8), {});
  core::WritePicture(folder_ / "in/deep/c.png", Drawn(1, 8, 8), {});
  WriteAll(folder_ / "in/b.png", "no picture at all");
  const Outcome outcome = Enlarge({folder_ / "in", "-r", "-o", folder_ / "out", "--json"});
  EXPECT_EQ(outcome.code, 65);
  EXPECT_EQ(folder_.files(),
            (std::vector<std::string>{"in/a.png", "in/b.png", "in/deep/c.png", "m.safetensors",
                                      "out/a.png", "out/deep/c.png"}));
  // The last line sums up.
  const size_t last = outcome.out.rfind('\n', outcome.out.size() - 2);
  const nlohmann::json end = nlohmann::json::parse(outcome.out.substr(last + 1));
  EXPECT_EQ(end["event"], "end");
  EXPECT_EQ(end["done"], 2);
  EXPECT_EQ(end["failed"], 1);
  EXPECT_EQ(end["code"], 65);

  const Outcome again =
      Enlarge({folder_ / "in", "-r", "-o", folder_ / "out", "--skip-existing", "-q"});
  EXPECT_EQ(again.code, 65);
  EXPECT_EQ(again.out, "");
}

TEST_F(Upscale, TakesPatternsThatTheShellLeft) {
  core::WritePicture(folder_ / "a1.png", Drawn(3, 8, 8), {});
  core::WritePicture(folder_ / "a2.png", Drawn(3, 8, 8), {});
  EXPECT_EQ(Enlarge({folder_ / "a?.png"}).code, 0);
  EXPECT_EQ(folder_.files().size(), 5u);
}

TEST_F(Upscale, RealPhotographs) {
  // Alpha in 8 and 16 bits, grey, RGB.
  const struct {
    const char* name;
    int channels, bits;
  } cases[] = {{"photos/children-alpha.png", 4, 8}, {"photos/00017_gray.png", 1, 8}};
  for (const auto& c : cases) {
    GAN_NEEDS_SHARED(c.name);
    const Outcome outcome =
        Enlarge({Shared(c.name), "-o", folder_ / "out.png", "--max-memory", "600M"});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const core::PictureInfo info = core::PictureReader(folder_ / "out.png").info();
    EXPECT_EQ(info.channels(), c.channels) << c.name;
    EXPECT_EQ(info.bits, c.bits) << c.name;
  }
}

// The seed alone decides what is left out.
TEST_F(Upscale, TranslatesWithDropoutByItsSeed) {
  const core::Model model =
      core::BuildRandom("cyclegan", {{"ngf", 4}, {"n_blocks", 1}, {"norm", 1}, {"dropout", 1}}, 7);
  core::WriteSafetensors(folder_ / "t.safetensors", model.parameters);
  core::WritePicture(folder_ / "in.png", Drawn(3, 30, 41), {});
  const auto made = [&](std::vector<std::string> options) {
    const std::string out = folder_ / "out.png";
    options.insert(options.begin(),
                   {"translate", folder_ / "in.png", "-m", folder_ / "t.safetensors", "-o", out});
    const Outcome outcome = RunGan(options);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return ReadAll(out);
  };
  const std::string plain = made({}), first = made({"--dropout", "--threads", "1"});
  EXPECT_TRUE(first == made({"--dropout", "--seed", "0", "--threads", "3"}));
  EXPECT_FALSE(first == plain);
  EXPECT_FALSE(first == made({"--dropout", "--seed", "1"}));
}

}  // namespace
}  // namespace gan::testing
