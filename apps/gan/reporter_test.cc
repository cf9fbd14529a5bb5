#include "reporter.h"

#include <gtest/gtest.h>

namespace gan::cli {
namespace {

TEST(Reporter, EstimateWaitsForEvidence) {
  EXPECT_EQ(ProgressText(0, 0), "0 %");
  EXPECT_EQ(ProgressText(0.5, 0.5), "50 %");
  EXPECT_EQ(ProgressText(0.001, 5), "0 %");
  EXPECT_EQ(ProgressText(0.25, 4), "25 %, 12 s left");
  EXPECT_EQ(ProgressText(0.1, 100), "10 %, 15:00 min left");
}

TEST(Reporter, NeverSaysDoneTooEarly) { EXPECT_EQ(ProgressText(0.999, 0.1), "99 %"); }

TEST(Reporter, JsonIsOneObjectALine) {
  Common common;
  common.json = true;
  Reporter reporter(common);
  testing::internal::CaptureStdout();
  reporter.Result("for people");
  reporter.Event({{"event", "x"}, {"text", "a\nb \xff"}});
  EXPECT_EQ(testing::internal::GetCapturedStdout(),
            "{\"event\":\"x\",\"text\":\"a\\nb \xef\xbf\xbd\"}\n");
}

TEST(Reporter, QuietKeepsErrors) {
  Common common;
  common.quiet = true;
  Reporter reporter(common);
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  reporter.Begin("x");
  reporter.Progress(0.5);
  reporter.Result("line");
  reporter.Event({{"event", "x"}});
  reporter.Error("[x] broken");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "gan: [x] broken\n");
}

}  // namespace
}  // namespace gan::cli
