#include "training/device.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace gan::core {
namespace {

void ExpectError(const char* name, ErrorCode code) {
  try {
    TrainingDeviceNamed(name);
    ADD_FAILURE() << "accepted \"" << name << "\"";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), code) << e.what();
  }
}

TEST(Device, Cpu) { EXPECT_TRUE(TrainingDeviceNamed("cpu").is_cpu()); }

TEST(Device, OtherNamesAreAUsageError) {
  for (const char* name : {"tpu", "", "CPU", "cuda:", "cuda:x", "meta", "xla"}) {
    ExpectError(name, ErrorCode::kUsage);
  }
}

TEST(Device, NoGpuIsAConfigurationError) {
  if (at::hasCUDA()) GTEST_SKIP() << "there is a GPU";
  ExpectError("cuda", ErrorCode::kConfiguration);
  ExpectError("cuda:1", ErrorCode::kConfiguration);
}

}  // namespace
}  // namespace gan::core
