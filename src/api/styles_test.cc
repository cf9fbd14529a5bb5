// W and W+ of generators with styles, through the public interface.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "api/testing_files.h"
#include "formats/npy.h"
#include "gan/doctor.h"
#include "gan/error.h"
#include "gan/model.h"
#include "gan/sample.h"
#include "media/picture.h"

namespace gan {
namespace {

using testing::MessageOf;
using testing::TemporaryFolder;

constexpr int64_t kLatent = 6, kStyle = 5, kLayers = 6;

Model Small(int64_t classes = 0, const EngineOptions& engine = {}) {
  return Model::Random("stylegan2",
                       {{"size", 16},
                        {"latent", kLatent},
                        {"style", kStyle},
                        {"mapping", 2},
                        {"base", 64},
                        {"classes", classes}},
                       3, engine);
}

Array Numbers(int64_t count, int64_t size) {
  Array array{{count, size}, {}};
  for (int64_t i = 0; i < count * size; ++i) {
    array.values.push_back(static_cast<float>(i * 37 % 19) / 9 - 1);
  }
  return array;
}

// Every layer of every picture given its w.
Array Repeated(const Array& w) {
  Array out{{w.shape[0], kLayers, w.shape[1]}, {}};
  for (int64_t i = 0; i < w.shape[0] * kLayers; ++i) {
    const auto from = w.values.begin() + i / kLayers * w.shape[1];
    out.values.insert(out.values.end(), from, from + w.shape[1]);
  }
  return out;
}

double Farthest(const Array& a, const Array& b) {
  EXPECT_EQ(a.shape, b.shape);
  double worst = 0;
  for (size_t i = 0; i < std::min(a.values.size(), b.values.size()); ++i) {
    worst = std::max(worst, std::abs(double{a.values[i]} - b.values[i]));
  }
  return worst;
}

TEST(Styles, AreHalfTheWayToThePicture) {
  const Model model = Small();
  ASSERT_TRUE(model.info().style_space);
  EXPECT_EQ(model.info().style_space->size, kStyle);
  EXPECT_EQ(model.info().style_space->layers, kLayers);
  const Array z = Numbers(3, kLatent);
  const Array w = model.Styles(z);
  EXPECT_EQ(w.shape, (std::vector<int64_t>{3, kStyle}));
  const Array pictures = model.Run(z);
  EXPECT_EQ(model.Run(w, {}, LatentKind::kW).values, pictures.values);
  EXPECT_EQ(model.Run(w).values, pictures.values) << "5 numbers are no z of this model";
  EXPECT_EQ(model.Run(Repeated(w), {}, LatentKind::kWPlus).values, pictures.values);
  EXPECT_EQ(model.Run(Repeated(w)).values, pictures.values);
}

TEST(Styles, KnowTheirClass) {
  const Model model = Small(3);
  const Array z = Numbers(2, kLatent), labels{{2}, {0, 2}};
  const Array w = model.Styles(z, labels);
  EXPECT_EQ(model.Run(w).values, model.Run(z, labels).values);
  EXPECT_NE(model.Styles(z, {{2}, {0, 1}}).values, w.values);
  MessageOf(ErrorCode::kUsage, [&] { model.Run(w, labels); });
  MessageOf(ErrorCode::kUsage, [&] { model.Styles(z); });
}

TEST(Styles, AreTruncatedOnce) {
  const Model model = Small();
  const Array z = Numbers(2, kLatent);
  const Model half = model.WithStyle({.truncation = 0.5});
  const Array wanted = half.Run(z);
  EXPECT_GT(Farthest(wanted, model.Run(z)), 1e-3);
  EXPECT_LE(Farthest(model.Run(half.Styles(z)), wanted), 1e-5) << "as they are written";
  EXPECT_LE(Farthest(half.Run(model.Styles(z)), wanted), 1e-5) << "as they are drawn";
  const Model coarse = model.WithStyle({.truncation = 0.5, .cutoff = 2});
  const Array layers = coarse.Styles(z);
  EXPECT_EQ(layers.shape, (std::vector<int64_t>{2, kLayers, kStyle}));
  EXPECT_LE(Farthest(model.Run(layers), coarse.Run(z)), 1e-5);
}

TEST(Styles, GiveTheSamePicturesOnLibTorch) {
  if (!Doctor().torch) GTEST_SKIP() << "this build has no LibTorch backend";
  const Array w = Small().Styles(Numbers(2, kLatent));
  Array layers = Repeated(w);
  for (size_t i = 0; i < layers.values.size(); ++i) layers.values[i] += 0.1f * (i % 3);
  const Model torch = Small(0, {.device = Device::kTorch});
  const Array wanted = torch.Run(layers), got = Small().Run(layers);
  const auto [low, high] = std::ranges::minmax(wanted.values);
  EXPECT_LE(Farthest(got, wanted), 1e-4 * (high - low));
  EXPECT_LE(Farthest(torch.Styles(Numbers(2, kLatent)), w), 1e-5);
}

TEST(Styles, OfAnotherShapeAreRefused) {
  const Model model = Small();
  const auto message = [&](std::vector<int64_t> shape, LatentKind kind) {
    int64_t count = 1;
    for (const int64_t size : shape) count *= size;
    const Array array{shape, std::vector<float>(static_cast<size_t>(count))};
    return MessageOf(ErrorCode::kBadData, [&] { model.Run(array, {}, kind); });
  };
  EXPECT_EQ(message({2, 7}, LatentKind::kW), "[run] wants styles w as [N, 5], got [2, 7]");
  EXPECT_EQ(message({2, 5}, LatentKind::kWPlus), "[run] wants styles w+ as [N, 6, 5], got [2, 5]");
  EXPECT_EQ(message({2, 5}, LatentKind::kZ), "[run] wants random numbers as [N, 6], got [2, 5]");
  EXPECT_EQ(
      message({2, 4, 5}, LatentKind::kAuto),
      "[run] wants random numbers as [N, 6], or styles as [N, 5] or [N, 6, 5], got [2, 4, 5]");
  const Model plain = Model::Random("dcgan", {{"size", 16}, {"latent", 5}, {"width", 2}});
  EXPECT_FALSE(plain.info().style_space);
  const std::string none =
      MessageOf(ErrorCode::kUsage, [&] { plain.Run(Numbers(1, 5), {}, LatentKind::kW); });
  EXPECT_NE(none.find("has no styles"), std::string::npos) << none;
  MessageOf(ErrorCode::kUsage, [&] { plain.Styles(Numbers(1, 5)); });
  const Model enlarger = Model::Random("compact", {{"num_conv", 1}, {"num_feat", 4}});
  MessageOf(ErrorCode::kUsage, [&] { enlarger.Run(Numbers(1, 5), {}, LatentKind::kZ); });
  MessageOf(ErrorCode::kUsage, [&] { enlarger.Styles(Numbers(1, 5)); });
}

class StyleSheets : public ::testing::Test {
 protected:
  core::Tensor Drawn(const char* name, const SampleOptions& options, int64_t classes = 0) {
    result_ = Sample(Small(classes).WithStyle({.noise = StyleOptions::Noise::kOff}), folder_ / name,
                     options);
    return core::ReadPicture(folder_ / name);
  }
  // The picture in a place of a sheet.
  static std::vector<float> At(const core::Tensor& sheet, int64_t row, int64_t column) {
    std::vector<float> out;
    const int64_t height = sheet.shape()[1], width = sheet.shape()[2];
    for (int64_t c = 0; c < 3; ++c) {
      for (int64_t y = 0; y < 16; ++y) {
        for (int64_t x = 0; x < 16; ++x) {
          const int64_t at = (c * height + row * 17 + y) * width + column * 17 + x;
          out.push_back(sheet.floats()[static_cast<size_t>(at)]);
        }
      }
    }
    return out;
  }
  std::string Written(const char* name, const Array& array) {
    WriteNpy(folder_ / name, array);
    return folder_ / name;
  }

  TemporaryFolder folder_;
  SampleResult result_;
};

TEST_F(StyleSheets, CrossRowsAndColumns) {
  const SampleOptions options{.truncation = 0.5, .mix_rows = {1, 2}, .mix_columns = {3, 4, 5}};
  const core::Tensor sheet = Drawn("mix.png", options);
  EXPECT_EQ(result_.kind, "sheet");
  EXPECT_EQ(result_.pictures, 3 + 2 * 4);
  ASSERT_EQ(sheet.shape(), (core::Shape{3, 3 * 17 - 1, 4 * 17 - 1}));
  EXPECT_EQ(At(sheet, 0, 0), std::vector<float>(3 * 16 * 16, 1.0f)) << "the corner is empty";
  // The heads are what the seeds give alone.
  for (const auto& [seed, row, column] : {std::tuple{1, 1, 0}, {2, 2, 0}, {3, 0, 1}, {5, 0, 3}}) {
    const core::Tensor alone =
        Drawn("one.png", {.count = 1, .seed = static_cast<uint64_t>(seed), .truncation = 0.5});
    EXPECT_EQ(At(sheet, row, column), At(alone, 0, 0)) << seed;
  }
  const SampleOptions part{.truncation = 0.5, .mix_rows = {2}, .mix_columns = {4}};
  EXPECT_EQ(At(sheet, 2, 2), At(Drawn("part.png", part), 1, 1));
}

// Nothing that decides what the pictures are is missing, and the hash is the file's.
TEST_F(StyleSheets, AFolderSaysHowItsStylesWereChosen) {
  using Noise = StyleOptions::Noise;
  const auto manifest = [&](const Model& model, const char* name, double truncation) {
    Sample(model, folder_ / name, {.count = 1, .seed = 4, .truncation = truncation});
    std::ifstream file((folder_ / name) + "/manifest.json");
    return nlohmann::json::parse(file);
  };
  const Model model = Small();
  const auto plain = manifest(model, "plain", 0);
  EXPECT_EQ(plain["truncation"], 1);
  EXPECT_TRUE(plain["truncation_cutoff"].is_null());
  EXPECT_EQ(plain["noise"], "stored");
  EXPECT_FALSE(plain.contains("noise_seed"));
  const auto half = manifest(model, "half", 0.5);
  EXPECT_EQ(half["truncation"], 0.5);
  EXPECT_EQ(half["model"]["hash"], plain["model"]["hash"]);

  const StyleOptions chosen{
      .truncation = 0.25, .cutoff = 2, .noise = Noise::kRandom, .noise_seed = 9};
  const auto coarse = manifest(model.WithStyle(chosen), "coarse", 0);
  EXPECT_EQ(coarse["truncation"], 0.25);
  EXPECT_EQ(coarse["truncation_cutoff"], 2);
  EXPECT_EQ(coarse["noise"], "random");
  EXPECT_EQ(coarse["noise_seed"], 9);
  EXPECT_EQ(coarse["model"]["hash"], plain["model"]["hash"]);

  // Another psi of a model with a choice: the rest of the choice stays, and the file alone tells
  // what was made.
  const auto both = manifest(model.WithStyle(chosen), "both", 0.75);
  EXPECT_EQ(both["truncation"], 0.75);
  StyleOptions again{.truncation = both["truncation"], .cutoff = both["truncation_cutoff"]};
  again.noise = Noise::kRandom, again.noise_seed = both["noise_seed"];
  manifest(model.WithStyle(again), "again", 0);
  const auto first = [&](const char* name) {
    const core::Tensor made = core::ReadPicture((folder_ / name) + "/000000.png");
    return std::vector<float>(made.floats().begin(), made.floats().end());
  };
  EXPECT_EQ(first("both"), first("again"));
  EXPECT_NE(first("both"), first("coarse"));
}

// The styles of random weights lie close together: given ones lie apart.
TEST_F(StyleSheets, TakeTheLayersAskedForFromTheColumn) {
  SampleOptions options{.latents = Written("w.npy", Numbers(3, kStyle)),
                        .mix_rows = {0},
                        .mix_columns = {2},
                        .mix_first = 0,
                        .mix_last = 5};
  for (const double truncation : {0.0, 0.6}) {
    options.truncation = truncation;
    options.mix_last = 5;
    const core::Tensor all = Drawn("all.png", options);
    EXPECT_EQ(At(all, 1, 1), At(all, 0, 1));
    EXPECT_NE(At(all, 1, 1), At(all, 1, 0));
    options.mix_last = 2;
    const core::Tensor some = Drawn("some.png", options);
    EXPECT_EQ(At(some, 1, 0), At(all, 1, 0));
    EXPECT_NE(At(some, 1, 1), At(some, 0, 1));
    EXPECT_NE(At(some, 1, 1), At(some, 1, 0));
  }
}

TEST_F(StyleSheets, MixWhatAFileHolds) {
  const Array w = Small().Styles(Numbers(3, kLatent));
  const SampleOptions drawn{
      .latents = Written("z.npy", Numbers(3, kLatent)), .mix_rows = {0}, .mix_columns = {2, 1}};
  SampleOptions given = drawn;
  given.latents = Written("w.npy", w);
  const core::Tensor sheet = Drawn("z.png", drawn);
  EXPECT_TRUE(std::ranges::equal(Drawn("w.png", given).floats(), sheet.floats()));
  given.mix_columns = {3};
  EXPECT_NE(
      MessageOf(ErrorCode::kUsage, [&] { Drawn("no.png", given); }).find("from 0 to 2, got 3"),
      std::string::npos);
}

TEST_F(StyleSheets, TakeStylesInPlaceOfNumbers) {
  const Array z = Numbers(4, kLatent);
  const core::Tensor sheet = Drawn("z.png", {.latents = Written("z.npy", z)});
  const Array w = Small().Styles(z);
  const std::string path = Written("w.npy", w);
  EXPECT_TRUE(std::ranges::equal(Drawn("w.png", {.latents = path}).floats(), sheet.floats()));
  const std::string layers = Written("layers.npy", Repeated(w));
  EXPECT_TRUE(std::ranges::equal(Drawn("l.png", {.latents = layers}).floats(), sheet.floats()));
  // With a class in them already.
  const std::string labelled = Written("c.npy", Small(3).Styles(z, {{4}, {0, 1, 2, 0}}));
  EXPECT_EQ(Drawn("c.png", {.latents = labelled}, 3).shape(), sheet.shape());
  MessageOf(ErrorCode::kUsage,
            [&] { Drawn("c.png", {.latents = labelled, .which_class = "1"}, 3); });
}

TEST_F(StyleSheets, SayWhatDoesNotGoTogether) {
  const auto refuses = [&](const SampleOptions& options, const char* name = "no.png") {
    const std::string message = MessageOf(ErrorCode::kUsage, [&] { Drawn(name, options); });
    EXPECT_NE(message, "no error");
    EXPECT_FALSE(std::filesystem::exists(folder_ / name));
    return message;
  };
  refuses({.mix_rows = {1}});
  refuses({.mix_columns = {1}});
  refuses({.count = 3, .mix_rows = {1}, .mix_columns = {1}});
  refuses({.mix_rows = {1}, .mix_columns = {1}, .which_class = "1"});
  refuses({.mix_rows = {1}, .mix_columns = {1}}, "folder");
  EXPECT_EQ(refuses({.mix_rows = {1}, .mix_columns = {1}, .mix_first = 2, .mix_last = 6}),
            "[layers] wants layers from 0 to 5, got 2 to 6");
  const Model plain = Model::Random("dcgan", {{"size", 16}, {"latent", 5}, {"width", 2}});
  MessageOf(ErrorCode::kUsage,
            [&] { Sample(plain, folder_ / "no.png", {.mix_rows = {1}, .mix_columns = {1}}); });
}

}  // namespace
}  // namespace gan
