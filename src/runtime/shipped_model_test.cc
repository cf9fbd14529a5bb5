#include "runtime/shipped_model.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "base/error.h"
#include "runtime/own_folder.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

TEST(OwnFolder, IsWhereThisProgramLies) {
  EXPECT_EQ(OwnFolder(), fs::canonical("/proc/self/exe").parent_path());
}

TEST(ShippedModel, IsFoundInTheFolderTheUserNames) {
  const fs::path folder = fs::temp_directory_path() / fmt::format("gan_shipped_model_{}", getpid());
  fs::create_directory(folder);
  std::ofstream(folder / "here.safetensors") << "x";
  setenv("GAN_MODELS", folder.c_str(), 1);
  EXPECT_EQ(ShippedModelFolders().front(), folder);
  EXPECT_EQ(FindShippedModel("here.safetensors"), folder / "here.safetensors");
  try {
    FindShippedModel("nowhere.safetensors");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNoInput);
    EXPECT_NE(std::string(error.what()).find(folder.string()), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("share/gan/models"), std::string::npos);
  }
  unsetenv("GAN_MODELS");
  fs::remove_all(folder);
}

}  // namespace
}  // namespace gan::core
