#include "kernels/target.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.h"

namespace gan::core::kernels {
namespace {

TEST(Target, EveryAvailableOneCanBeChosen) {
  const std::vector<std::string> names = AvailableTargets();
  ASSERT_GE(names.size(), 2u);
  EXPECT_EQ(names.back(), "reference");
  for (const std::string& name : names) {
    SetTarget(name);
    EXPECT_EQ(CurrentTarget(), name);
    EXPECT_EQ(ReferenceChosen(), name == "reference");
  }
  SetTarget("AUTO");
  EXPECT_EQ(CurrentTarget(), names.front());
}

TEST(Target, UnknownNamesAreToldWhatThereIs) {
  SetTarget("reference");
  try {
    SetTarget("mmx");
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_NE(std::string(error.what()).find("reference"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("mmx"), std::string::npos) << error.what();
  }
  EXPECT_EQ(CurrentTarget(), "reference");
  SetTarget("auto");
}

}  // namespace
}  // namespace gan::core::kernels
