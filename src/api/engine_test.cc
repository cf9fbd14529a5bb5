#include "api/engine.h"

#include <gtest/gtest.h>

#include "gan/doctor.h"
#include "gan/error.h"
#include "kernels/target.h"

namespace gan::core {
namespace {

TEST(Engine, BudgetIsWhatWasAskedForOrPartOfWhatIsFree) {
  EngineOptions options;
  const uint64_t budget = MemoryBudget(options);
  EXPECT_GT(budget, 0u);
  options.max_memory = 12345;
  EXPECT_EQ(MemoryBudget(options), 12345u);
}

TEST(Engine, RunsOnEveryTargetThereIs) {
  for (const std::string& target : kernels::AvailableTargets()) {
    const Engine engine(EngineOptions{.threads = 2, .cpu_target = target});
    EXPECT_EQ(engine.backend->name(), "cpu");
    EXPECT_EQ(engine.pool.threads(), 2);
    EXPECT_EQ(kernels::CurrentTarget(), target);
  }
  kernels::SetTarget("auto");
}

TEST(Engine, RoundsWhereAskedTo) {
  const Engine engine(EngineOptions{.threads = 1, .precision = Precision::kBf16});
  EXPECT_NE(engine.backend->target().find("bf16"), std::string::npos);
  try {
    const Engine torch(EngineOptions{.device = Device::kTorch, .precision = Precision::kBf16});
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage) << error.what();
  }
}

TEST(Engine, UnknownTargetIsUsage) {
  try {
    ChooseTarget(EngineOptions{.cpu_target = "mmx"});
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
  }
}

TEST(Doctor, SaysWhichTargetRunsAndWhy) {
  const DoctorReport report = Doctor();
  EXPECT_EQ(report.cpu_target, report.cpu_targets.front());
  EXPECT_EQ(report.cpu_target_reason, "the best this processor has");
  EXPECT_FALSE(report.torch_status.empty());
  EXPECT_GE(report.threads, 1);
  EXPECT_GT(report.memory_total, 0u);

  EXPECT_FALSE(report.video_status.empty());
  EXPECT_EQ(report.video, report.video_status.find("plug-in") == std::string::npos);

  const DoctorReport forced = Doctor(EngineOptions{.cpu_target = "reference"});
  EXPECT_EQ(forced.cpu_target, "reference");
  EXPECT_FALSE(forced.fast_bf16);
  EXPECT_EQ(forced.cpu_target_reason, "asked for");
  kernels::SetTarget("auto");
}

}  // namespace
}  // namespace gan::core
