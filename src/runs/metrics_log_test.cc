#include "runs/metrics_log.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "gan/error.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

class MetricsLogTest : public ::testing::Test {
 protected:
  MetricsLogTest()
      : path_(fs::temp_directory_path() / ("gan_metrics_test." + std::to_string(getpid()))) {}
  ~MetricsLogTest() override { fs::remove(path_); }

  void Write(const std::string& text) { std::ofstream(path_, std::ios::binary) << text; }
  std::string Content() const {
    std::ifstream in(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  // What is left when a run goes on at `images`.
  std::string CutAt(int64_t images, const std::string& text) {
    Write(text);
    { const MetricsLog log(path_, images); }
    return Content();
  }

  fs::path path_;
};

TEST_F(MetricsLogTest, AddsALineAnObject) {
  {
    MetricsLog log(path_);
    log.Append(64, {{"loss", 0.5}, {"fid", NAN}, {"word", "a \"b\" \xff"}});
    log.Append(128, nlohmann::ordered_json::object());
    log.Sync();
  }
  EXPECT_EQ(Content(),
            "{\"images\":64,\"loss\":0.5,\"fid\":null,\"word\":\"a \\\"b\\\" \xef\xbf\xbd\"}\n"
            "{\"images\":128}\n");
  MetricsLog log(path_, 128);
  log.Append(192, {{"loss", 1}});
  EXPECT_TRUE(Content().ends_with("{\"images\":128}\n{\"images\":192,\"loss\":1}\n"));
}

TEST_F(MetricsLogTest, ResumeCutsWhatItHadNotSeen) {
  const std::string a = "{\"images\":64}\n", b = "{\"images\":128}\n", c = "{\"images\":192}\n";
  EXPECT_EQ(CutAt(128, a + b + c), a + b);
  EXPECT_EQ(CutAt(127, a + b + c), a);
  EXPECT_EQ(CutAt(0, a + b + c), "");
  EXPECT_EQ(CutAt(1000, a + b + c), a + b + c);
  EXPECT_EQ(CutAt(1000, ""), "");
}

TEST_F(MetricsLogTest, DropsATornLastLine) {
  const std::string a = "{\"images\":64}\n";
  EXPECT_EQ(CutAt(1000, a + "{\"images\":128,\"lo"), a);
  EXPECT_EQ(CutAt(1000, a + "{\"images\":128}"), a);
  // Elsewhere it is for people to look at.
  EXPECT_EQ(CutAt(1000, "rubbish\n" + a), "rubbish\n" + a);
}

TEST_F(MetricsLogTest, LongLinesAndManyOfThem) {
  std::string text, wanted;
  for (int64_t images = 1; images <= 3000; ++images) {
    const std::string line =
        nlohmann::ordered_json{{"images", images}, {"text", std::string(images % 100, 'x')}}
            .dump() +
        '\n';
    text += line;
    if (images <= 2000) wanted += line;
  }
  const std::string large = "{\"images\":0,\"text\":\"" + std::string(200'000, 'y') + "\"}\n";
  EXPECT_EQ(CutAt(2000, large + text), large + wanted);
}

TEST_F(MetricsLogTest, SaysWhyItCannot) {
  try {
    const MetricsLog log(path_ / "not/there");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCannotCreate);
  }
}

}  // namespace
}  // namespace gan::core
