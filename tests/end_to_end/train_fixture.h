// `gan train` in a folder of its own: what its tests share.
#ifndef GAN_TESTS_END_TO_END_TRAIN_FIXTURE_H_
#define GAN_TESTS_END_TO_END_TRAIN_FIXTURE_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "program.h"
#include "train_files.h"

namespace gan::testing {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Words = std::vector<std::string>;

inline bool HasTraining() {
  static const bool has = Doctor()["torch"];
  return has;
}

inline std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

inline std::string Replaced(std::string text, const std::string& what, const std::string& by) {
  const size_t place = text.find(what);
  EXPECT_NE(place, std::string::npos) << what;
  return place == std::string::npos ? text : text.replace(place, what.size(), by);
}

// Says more than EXPECT_EQ of files that are not text.
inline void ExpectSameBytes(const std::string& a, const std::string& b) {
  const std::string first = ReadAll(a), second = ReadAll(b);
  EXPECT_FALSE(first.empty()) << a;
  EXPECT_TRUE(first == second) << a << " and " << b << " differ";
}

class Train : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!HasTraining()) GTEST_SKIP() << "this build cannot train: it has no LibTorch";
    WriteData(folder_ / "data");
    WriteAll(recipe_, kTinyRecipe);
  }

  // Data sets are cached: not among the user's.
  Words Environment(const Words& more = {}) const {
    Words all = more;
    all.push_back("XDG_CACHE_HOME=" + folder_ / "cache");
    return all;
  }
  static Words Command(Words arguments) {
    arguments.insert(arguments.begin(), "train");
    return arguments;
  }
  Outcome RunTrain(const Words& arguments) const {
    RunOptions options;
    options.environment = Environment();
    return RunGan(Command(arguments), options);
  }
  Words NewRun(const std::string& name, const Words& set = {}) const {
    return WithSet({recipe_, "-o", folder_ / name}, set);
  }
  Words Resume(const std::string& name, const Words& set = {}) const {
    return WithSet({"--resume", folder_ / name}, set);
  }
  static Words WithSet(Words arguments, const Words& set) {
    for (const std::string& assignment : set) {
      arguments.push_back("--set");
      arguments.push_back(assignment);
    }
    return arguments;
  }
  void ExpectDone(const Words& arguments) const {
    const Outcome outcome = RunTrain(arguments);
    ASSERT_EQ(outcome.code, 0) << outcome.err;
  }

  std::string In(const std::string& run, const std::string& file) const {
    return folder_ / (run + "/" + file);
  }
  // By name, which is by images.
  std::vector<fs::path> FilesIn(const std::string& run, const std::string& folder) const {
    std::vector<fs::path> found;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(In(run, folder), ignored)) {
      // A file that is being written is not there yet.
      const std::string ending = entry.path().extension().string();
      if (entry.path().filename().string().starts_with('.')) continue;
      if (ending == ".safetensors" || ending == ".png") found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
  }
  Words NamesIn(const std::string& run, const std::string& folder) const {
    Words names;
    for (const fs::path& path : FilesIn(run, folder)) names.push_back(path.filename().string());
    return names;
  }
  // The lines of metrics.jsonl that have losses.
  std::vector<Json> Losses(const std::string& run) const {
    std::vector<Json> found;
    for (const std::string& line : Lines(ReadAll(In(run, "metrics.jsonl")))) {
      const Json parsed = Json::parse(line, nullptr, /*allow_exceptions=*/false);
      EXPECT_TRUE(parsed.is_object()) << line;
      if (parsed.is_object() && parsed.contains("discriminator_loss")) found.push_back(parsed);
    }
    return found;
  }
  bool HasBegun(const std::string& run) const {
    std::error_code error;
    const auto size = fs::file_size(In(run, "metrics.jsonl"), error);
    return !error && size > 0;
  }

  Folder folder_;
  std::string recipe_ = folder_ / "tiny.toml";
};

}  // namespace gan::testing

#endif  // GAN_TESTS_END_TO_END_TRAIN_FIXTURE_H_
