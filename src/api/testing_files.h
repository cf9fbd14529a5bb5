// Small checkpoints in a temporary folder and what fails, for the tests of this layer.
#ifndef GAN_API_TESTING_FILES_H_
#define GAN_API_TESTING_FILES_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <string>

#include "formats/safetensors.h"
#include "gan/error.h"
#include "models/model.h"

namespace gan::testing {

// A folder of its own, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder()
      : path_(std::filesystem::temp_directory_path() / ("gan_api_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string operator/(const char* name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

// What a call that must fail with `code` says.
inline std::string MessageOf(ErrorCode code, const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  return "no error";
}

// A compact generator, x2, 8 features, random weights, as safetensors.
inline std::string WriteCompact(const std::string& path) {
  const core::Model model =
      core::BuildRandom("compact", {{"num_feat", 8}, {"num_conv", 2}, {"upscale", 2}}, 7);
  core::WriteSafetensors(path, model.parameters);
  return path;
}

}  // namespace gan::testing

#endif  // GAN_API_TESTING_FILES_H_
