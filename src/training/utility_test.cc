#include "training/utility.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "base/error.h"
#include "base/random.h"
#include "data/data_testing.h"
#include "training/labelled_tensors.h"

namespace gan::core {
namespace {

// MNIST's files in a folder: 16x16 pictures, classes 0 and 1, bright above or bright below under
// noise of this strength.
void WriteHalves(const std::filesystem::path& folder, const std::string& prefix, int64_t count,
                 float noise, uint64_t seed, bool swapped = false) {
  std::filesystem::create_directories(folder);
  std::string images = IdxPictures(count, 16, 16).substr(0, 16);
  Random random(seed);
  for (int64_t i = 0; i < count; ++i) {
    const int64_t bright = (i % 2 == 1) != swapped ? 1 : 0;
    for (int64_t y = 0; y < 16; ++y) {
      for (int64_t x = 0; x < 16; ++x) {
        const float value = 128 + (y / 8 == bright ? 40.0f : 0.0f) + noise * random.Normal();
        images.push_back(
            static_cast<char>(static_cast<unsigned char>(std::clamp(value, 0.0f, 255.0f))));
      }
    }
  }
  std::ofstream(folder / (prefix + "-images-idx3-ubyte"), std::ios::binary) << images;
  std::ofstream(folder / (prefix + "-labels-idx1-ubyte"), std::ios::binary) << IdxLabels(count, 2);
}

class UtilityTest : public testing::Test {
 protected:
  UtilityTest() {
    WriteHalves(folder_ / "real", "train", 40, 100, 1);
    WriteHalves(folder_ / "real", "t10k", 60, 100, 2);
    WriteHalves(folder_ / "made", "train", 200, 100, 3);
    options_.real = OptionsFor(folder_, folder_ / "real");
    options_.generated = (folder_ / "made").native();
    options_.per_class = 2;
    options_.trials = 3;
    options_.steps = 25;
    options_.batch = 16;
  }

  std::string MessageOf(ErrorCode code) {
    try {
      RunUtility(options_);
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), code) << e.what();
      return e.what();
    }
    return "no error";
  }

  TemporaryFolder folder_;
  UtilityOptions options_;
};

TEST_F(UtilityTest, LimitsChooseTheTrainingPicturesAlone) {
  options_.real.limit_per_class = 3;
  options_.per_class = 20;
  const UtilityResult result = RunUtility(options_);
  EXPECT_EQ(result.real_pictures, 6);
  EXPECT_EQ(result.test_pictures, 60);
  EXPECT_EQ(result.generated_pictures, 200);
}

TEST_F(UtilityTest, SeesThatGoodPicturesHelp) {
  double last = 0;
  const UtilityResult result = RunUtility(options_, [&](double done) {
    EXPECT_GE(done, last);
    last = done;
  });
  EXPECT_NEAR(last, 1, 1e-9);
  EXPECT_EQ(result.classes, 2);
  EXPECT_EQ(result.real_pictures, 4);
  EXPECT_EQ(result.generated_pictures, 200);
  EXPECT_EQ(result.test_pictures, 60);
  EXPECT_GT(result.balanced.gain.mean, 0.02) << result.verdict;
  EXPECT_GT(result.accuracy.after.mean, 0.8);
}

TEST_F(UtilityTest, SeesThatWrongOnesDoHarm) {
  WriteHalves(folder_ / "wrong", "train", 200, 70, 3, /*swapped=*/true);
  options_.generated = (folder_ / "wrong").native();
  options_.per_class = 20;
  const UtilityResult result = RunUtility(options_);
  EXPECT_LT(result.balanced.gain.mean, -0.1);
  EXPECT_NE(result.verdict.find("do harm"), std::string::npos) << result.verdict;
}

TEST_F(UtilityTest, OneTrialProvesNothing) {
  options_.trials = 1;
  options_.generated_per_class = 5;
  const UtilityResult result = RunUtility(options_);
  EXPECT_FALSE(result.balanced.clear);
  EXPECT_EQ(result.generated_pictures, 10);
  EXPECT_EQ(RunUtility(options_).balanced.gain.mean, result.balanced.gain.mean);
  EXPECT_EQ(result.verdict.find("one trial says nothing of chance"), 0u) << result.verdict;
}

TEST_F(UtilityTest, NamesWhatIsWrong) {
  options_.trials = 0;
  EXPECT_EQ(MessageOf(ErrorCode::kUsage), "[utility] wants trials from 1 up, got 0");
  options_.trials = 1;
  for (const char* name : {"cat", "dog"}) {
    WriteTestPicture(folder_ / "strange" / name / "a.png", 1, 16, 16);
  }
  options_.generated = (folder_ / "strange").native();
  const std::string strange = MessageOf(ErrorCode::kBadData);
  EXPECT_NE(strange.find("wants the real data's classes (0, 1)"), std::string::npos) << strange;
  EXPECT_NE(strange.find("\"cat\""), std::string::npos) << strange;
  options_.generated = (folder_ / "nothing").native();
  MessageOf(ErrorCode::kNoInput);
  options_.real.labels = "none";
  options_.generated = (folder_ / "made").native();
  EXPECT_NE(MessageOf(ErrorCode::kBadData).find("two classes or more"), std::string::npos);
}

TEST_F(UtilityTest, Stops) {
  CancelFlag cancel;
  cancel.Cancel();
  EXPECT_THROW(RunUtility(options_, {}, &cancel), Error);
}

TEST(ChooseOfEach, TakesSoManyOfEachClass) {
  const LabelledTensors data{at::arange(40, at::kFloat).reshape({40, 1, 1, 1}),
                             at::arange(40, at::kLong).ge(10).to(at::kLong)};
  Random random(1);
  const LabelledTensors few = ChooseOfEach(data, 15, random);
  EXPECT_EQ(few.count(), 25);  // there are 10 of the first
  EXPECT_EQ(few.labels.sum().item<int64_t>(), 15);
  EXPECT_TRUE(few.pictures.flatten().ge(10).to(at::kLong).equal(few.labels));
  EXPECT_FALSE(
      ChooseOfEach(data, 3, random).pictures.equal(ChooseOfEach(data, 3, random).pictures));
  EXPECT_EQ(ChooseOfEach(data, 0, random).count(), 40);
}

}  // namespace
}  // namespace gan::core
