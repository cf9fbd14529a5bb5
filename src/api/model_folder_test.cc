#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "gan/doctor.h"
#include "gan/error.h"
#include "gan/model.h"

namespace gan {
namespace {

namespace fs = std::filesystem;

class ModelFolderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("gan_models_" + std::to_string(getpid()));
    fs::create_directories(folder_ / "below");
    for (const char* name : {"photo.pth", "anime.safetensors", "net.param", "net.bin", "x.onnx",
                             "y.pkl", "readme.txt"})
      std::ofstream(folder_ / name) << "x";
    setenv("GAN_MODELS", folder_.c_str(), 1);
  }
  void TearDown() override {
    unsetenv("GAN_MODELS");
    fs::remove_all(folder_);
  }
  fs::path folder_;
};

TEST_F(ModelFolderTest, ListsModelsAlone) {
  EXPECT_EQ(ListModels(), (std::vector<std::string>{"anime.safetensors", "net.param", "photo.pth",
                                                    "x.onnx", "y.pkl"}));
}

TEST_F(ModelFolderTest, ListsWhatComesWithTheProgramApart) {
  const std::vector<std::string> shipped = {"glyph-digits.safetensors",
                                            "glyphs-features.safetensors"};
  EXPECT_EQ(ListShippedModels(), shipped);
  const DoctorReport report = Doctor();
  EXPECT_EQ(report.shipped_models, shipped);
  EXPECT_EQ(report.models, ListModels());
}

TEST_F(ModelFolderTest, FindsByNameWithAndWithoutExtension) {
  EXPECT_EQ(FindModel("photo"), (folder_ / "photo.pth").string());
  EXPECT_EQ(FindModel("photo.pth"), (folder_ / "photo.pth").string());
  EXPECT_EQ(FindModel("x"), (folder_ / "x.onnx").string());
  EXPECT_EQ(FindModel("anime"), (folder_ / "anime.safetensors").string());
}

TEST_F(ModelFolderTest, FindsWhatComesWithTheProgram) {
  EXPECT_TRUE(FindModel("glyphs-features").ends_with("/glyphs-features.safetensors"));
  // Unless the user has one of that name.
  std::ofstream(folder_ / "glyphs-features.pth") << "x";
  EXPECT_EQ(FindModel("glyphs-features"), (folder_ / "glyphs-features.pth").string());
}

TEST_F(ModelFolderTest, AFileComesFirst) {
  const std::string path = (folder_ / "readme.txt").string();
  EXPECT_EQ(FindModel(path), path);
}

TEST_F(ModelFolderTest, ListsWhatIsThereWhenNothingFits) {
  for (const char* name : {"nothing", "below", "../photo", "", ".pth"}) {
    try {
      FindModel(name);
      ADD_FAILURE() << "found " << name;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kNoInput);
      const std::string text = error.what();
      EXPECT_NE(text.find("anime.safetensors, net.param, photo.pth"), std::string::npos) << text;
      EXPECT_NE(text.find("with gan come glyph-digits.safetensors"), std::string::npos) << text;
    }
  }
}

TEST_F(ModelFolderTest, FolderFollowsTheEnvironment) {
  unsetenv("GAN_MODELS");
  setenv("XDG_DATA_HOME", "/data", 1);
  EXPECT_EQ(ModelFolder(), "/data/gan/models");
  unsetenv("XDG_DATA_HOME");
  setenv("HOME", "/home/x", 1);
  EXPECT_EQ(ModelFolder(), "/home/x/.local/share/gan/models");
  unsetenv("HOME");
  EXPECT_EQ(ModelFolder(), "");
  EXPECT_TRUE(ListModels().empty());
}

}  // namespace
}  // namespace gan
