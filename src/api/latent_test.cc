// Directions among latents, and edits, through the public interface.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>

#include "api/testing_files.h"
#include "gan/error.h"
#include "gan/sample.h"
#include "gan/training/project.h"
#include "media/picture.h"

namespace gan {
namespace {

using testing::MessageOf;
using testing::TemporaryFolder;

class LatentApi : public ::testing::Test {
 protected:
  static Model Plain(int64_t classes = 0) {
    return Model::Random("dcgan",
                         {{"size", 16}, {"latent", 6}, {"width", 3}, {"classes", classes}});
  }
  static Model Styled() {
    return Model::Random(
        "stylegan2", {{"size", 16}, {"latent", 6}, {"style", 5}, {"mapping", 2}, {"base", 64}}, 3);
  }
  Array Found(const Model& model, const DirectionOptions& options, const char* name = "d.npy") {
    result_ = FindDirections(model, folder_ / name, folder_ / "d.png", options);
    return ReadNpy(folder_ / name);
  }
  std::string Written(const char* name, const Array& array) {
    WriteNpy(folder_ / name, array);
    return folder_ / name;
  }

  TemporaryFolder folder_;
  DirectionResult result_;
};

double LengthOf(const Array& directions, int64_t k) {
  double sum = 0;
  for (int64_t i = 0; i < directions.shape[1]; ++i) {
    const double x = directions.values[static_cast<size_t>(k * directions.shape[1] + i)];
    sum += x * x;
  }
  return std::sqrt(sum);
}

TEST_F(LatentApi, FindsDirectionsOfRandomNumbers) {
  for (const auto method : {DirectionOptions::Method::kSefa, DirectionOptions::Method::kPca}) {
    const Array directions = Found(Plain(), {.method = method, .count = 3, .samples = 200});
    EXPECT_EQ(directions.shape, (std::vector<int64_t>{3, 6}));
    for (int64_t k = 0; k < 3; ++k) EXPECT_NEAR(LengthOf(directions, k), 1, 1e-5);
    EXPECT_EQ(result_.space, "z");
    ASSERT_EQ(result_.shares.size(), 3u);
    EXPECT_TRUE(std::ranges::is_sorted(result_.shares, std::greater{}));
    EXPECT_GT(result_.shares[2], 0);
    EXPECT_LE(result_.shares[0] + result_.shares[1] + result_.shares[2], 1.0001);
    EXPECT_EQ(core::ReadPicture(folder_ / "d.png").shape(),
              (core::Shape{3, 3 * 17 - 1, 7 * 17 - 1}));
    EXPECT_EQ(Found(Plain(), {.method = method, .count = 3, .samples = 200}).values,
              directions.values);
  }
  EXPECT_EQ(Found(Plain(), {.count = 100}).shape[0], 6) << "as many as there are";
}

TEST_F(LatentApi, FindsDirectionsOfStyles) {
  const Array all = Found(Styled(), {.count = 2, .samples = 300});
  EXPECT_EQ(all.shape, (std::vector<int64_t>{2, 5}));
  EXPECT_EQ(result_.space, "w");
  const Array coarse =
      Found(Styled(), {.count = 2, .first_layer = 0, .last_layer = 1, .samples = 300});
  EXPECT_NE(coarse.values, all.values);
  // The styles of these samples have a deviation of 1 along a direction, in its own lengths.
  const Array components =
      Found(Styled(), {.method = DirectionOptions::Method::kPca, .count = 2, .samples = 300});
  EXPECT_GT(LengthOf(components, 0), LengthOf(components, 1));
  EXPECT_NE(components.values, all.values);
}

// What the sheet shows is what an edit gives.
TEST_F(LatentApi, EditsAreWhatTheSheetShows) {
  for (const bool styled : {false, true}) {
    const Model model = styled ? Styled() : Plain(3);
    DirectionOptions options{.count = 2, .samples = 100, .seed = 4, .span = 2, .columns = 3};
    if (!styled) options.which_class = "1";
    Found(model, options);
    const core::Tensor sheet = core::ReadPicture(folder_ / "d.png");
    EditOptions edit{.seed = 4, .directions = folder_ / "d.npy", .moves = {{1, 2}}};
    if (!styled) edit.which_class = "1";
    const EditResult result = EditLatents(model, folder_ / "e.png", folder_ / "e.npy", edit);
    EXPECT_EQ(result.space, styled ? "w" : "z");
    const core::Tensor one = core::ReadPicture(folder_ / "e.png");
    for (int64_t y = 0; y < 16; ++y) {
      const float* from = sheet.floats().data() + (17 + y) * 50 + 34;  // row 1, column 2
      EXPECT_TRUE(std::equal(from, from + 16, one.floats().data() + y * 16)) << y;
    }
    const Array latent = ReadNpy(folder_ / "e.npy");
    EXPECT_EQ(latent.shape, (std::vector<int64_t>{1, styled ? 5 : 6}));
    // What was written makes the same picture again, and moved back is where it began.
    EditOptions back = edit;
    back.latents = folder_ / "e.npy";
    back.moves.clear();
    EditLatents(model, folder_ / "again.png", "", back);
    EXPECT_TRUE(
        std::ranges::equal(core::ReadPicture(folder_ / "again.png").floats(), one.floats()));
  }
}

TEST_F(LatentApi, MovesLayersOfStyles) {
  const Model model = Styled();
  const std::string w = Written("w.npy", {{2, 5}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}});
  EditOptions edit{.latents = w,
                   .directions = Written("d.npy", {{1, 5}, {1, 0, 0, 0, -1}}),
                   .moves = {{0, 10}},
                   .first_layer = 2,
                   .last_layer = 3};
  EXPECT_EQ(EditLatents(model, "", folder_ / "e.npy", edit).space, "w+");
  const Array moved = ReadNpy(folder_ / "e.npy");
  ASSERT_EQ(moved.shape, (std::vector<int64_t>{2, 6, 5}));
  const auto row = [&](size_t i) {
    return std::vector<float>(moved.values.begin() + i * 5, moved.values.begin() + i * 5 + 5);
  };
  EXPECT_EQ(row(0), (std::vector<float>{0, 1, 2, 3, 4}));
  EXPECT_EQ(row(3), (std::vector<float>{10, 1, 2, 3, -6}));
  EXPECT_EQ(row(6), (std::vector<float>{5, 6, 7, 8, 9}));
  EXPECT_EQ(row(8), (std::vector<float>{15, 6, 7, 8, -1}));
  // Truncated are the styles to begin from, not the moves.
  edit.first_layer = edit.last_layer = -1;
  EXPECT_EQ(EditLatents(model.WithStyle({.truncation = 0}), "", folder_ / "e.npy", edit).space,
            "w");
  const Array average = ReadNpy(folder_ / "e.npy");
  EXPECT_FLOAT_EQ(average.values[0] + average.values[4], average.values[5] + average.values[9]);
  edit.moves.clear();
  EditLatents(model.WithStyle({.truncation = 0}), "", folder_ / "a.npy", edit);
  EXPECT_FLOAT_EQ(average.values[0], ReadNpy(folder_ / "a.npy").values[0] + 10);
}

TEST_F(LatentApi, SaysWhatDoesNotFit) {
  const Model enlarger = Model::Random("compact", {{"num_conv", 1}, {"num_feat", 4}});
  const std::string out = folder_ / "x.npy", png = folder_ / "x.png";
  const auto find = [&](const Model& model, const DirectionOptions& options) {
    return MessageOf(ErrorCode::kUsage, [&] { FindDirections(model, out, "", options); });
  };
  EXPECT_NE(find(enlarger, {}).find("it has no latents"), std::string::npos);
  EXPECT_EQ(find(Styled(), {.first_layer = 3, .last_layer = 6}),
            "[layers] wants layers from 0 to 5, got 3 to 6");
  EXPECT_NE(find(Plain(), {.first_layer = 0, .last_layer = 0}).find("has no styles"),
            std::string::npos);
  EXPECT_NE(find(Plain(), {.which_class = "1"}).find("without classes"), std::string::npos);
  EXPECT_NE(find(Plain(3), {.which_class = "3"}), "no error");
  MessageOf(ErrorCode::kUsage,
            [&] { FindDirections(Plain(), out, png, {.count = 100, .columns = 101}); });
  MessageOf(ErrorCode::kUsage, [&] { FindDirections(Plain(), folder_ / "x.txt", "", {}); });
  MessageOf(ErrorCode::kUsage, [&] { FindDirections(Plain(), out, folder_ / "x.bmp", {}); });

  const std::string directions = Written("d.npy", {{2, 6}, std::vector<float>(12)});
  const auto edit = [&](ErrorCode code, const EditOptions& options) {
    return MessageOf(code, [&] { EditLatents(Plain(3), png, out, options); });
  };
  EXPECT_EQ(edit(ErrorCode::kUsage, {.directions = directions, .moves = {{2, 1}}}),
            "[move] wants directions from 0 to 1 and finite steps, got 2=1");
  EXPECT_NE(edit(ErrorCode::kUsage, {.moves = {{0, 1}}}), "no error");
  EXPECT_NE(edit(ErrorCode::kUsage, {.which_class = "3", .directions = directions}), "no error");
  const std::string wrong = Written("wrong.npy", {{2, 5}, std::vector<float>(10)});
  EXPECT_NE(edit(ErrorCode::kBadData, {.directions = wrong}).find("as [K, 6], got [2, 5]"),
            std::string::npos);
  EXPECT_NE(edit(ErrorCode::kBadData, {.latents = wrong}).find("[N, 6], got [2, 5]"),
            std::string::npos);
  EXPECT_NE(edit(ErrorCode::kBadData, {.latents = Written("0.npy", {{0, 6}, {}})}), "no error");
  const std::string infinite =
      Written("inf.npy", {{1, 6}, std::vector<float>(6, std::numeric_limits<float>::infinity())});
  EXPECT_NE(edit(ErrorCode::kBadData, {.latents = infinite}), "no error");
  EXPECT_NE(edit(ErrorCode::kBadData, {.directions = infinite, .moves = {{0, 1}}}), "no error");
  edit(ErrorCode::kNoInput, {.latents = folder_ / "none.npy"});
  MessageOf(ErrorCode::kUsage, [&] { EditLatents(enlarger, png, out, {}); });
  MessageOf(ErrorCode::kUsage, [&] { EditLatents(Plain(), "", "", {}); });
  for (const std::string& file : {out, png}) EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(LatentApi, OptionsAreReadByName) {
  EditOptions edit;
  const auto set = [](const auto& list, auto& options, std::string_view name,
                      std::string_view value) {
    for (const auto& option : list) {
      if (option.name == name) return option.set(options, value);
    }
    FAIL() << name;
  };
  set(EditOptionList(), edit, "move", "3=2.5,0=-1");
  set(EditOptionList(), edit, "move", "7=1e-3");
  ASSERT_EQ(edit.moves.size(), 3u);
  EXPECT_EQ(edit.moves[0].direction, 3);
  EXPECT_EQ(edit.moves[1].by, -1);
  EXPECT_EQ(edit.moves[2].by, 0.001);
  for (const char* text :
       {"", "3", "3=", "=1", "3=1,", "-1=2", "a=1", "1=nan", "1=inf", "1=2;2=3"}) {
    EXPECT_THROW(set(EditOptionList(), edit, "move", text), Error) << text;
  }
  DirectionOptions find;
  set(DirectionOptionList(), find, "layers", "2-5");
  EXPECT_EQ(find.last_layer, 5);
  set(DirectionOptionList(), find, "method", "pca");
  EXPECT_EQ(find.method, DirectionOptions::Method::kPca);
  EXPECT_THROW(set(DirectionOptionList(), find, "span", "0"), Error);
  ProjectOptions project;
  set(ProjectOptionList(), project, "latent", "w+");
  EXPECT_EQ(project.latent_kind, LatentKind::kWPlus);
  EXPECT_THROW(set(ProjectOptionList(), project, "fit", "crop"), Error);
}

TEST(ProjectResult, IsOneJsonObject) {
  const auto json = nlohmann::json::parse(
      ToJson(ProjectResult{.input = "a.png", .space = "z", .label = 2, .error = 0.5}));
  EXPECT_EQ(json["space"], "z");
  EXPECT_EQ(json["label"], 2);
  EXPECT_EQ(json["error"], 0.5);
  EXPECT_FALSE(nlohmann::json::parse(ToJson(ProjectResult{})).contains("label"));
}

}  // namespace
}  // namespace gan
