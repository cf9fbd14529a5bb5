#include "gan/training/utility.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "gan/error.h"

namespace gan {
namespace {

TEST(UtilityOptionList, SetsTheFields) {
  UtilityOptions options;
  const auto set = [&](std::string_view name, std::string_view value) {
    for (const auto& option : UtilityOptionList()) {
      if (option.name == name) return option.set(options, value);
    }
    FAIL() << name;
  };
  set("seeds", "7");
  set("per-class", "20");
  set("test-split", "val");
  EXPECT_EQ(options.trials, 7);
  EXPECT_EQ(options.per_class, 20);
  EXPECT_EQ(options.test_split, "val");
  EXPECT_THROW(set("seeds", "0"), Error);
  EXPECT_THROW(set("size", "12"), Error);
  EXPECT_THROW(set("batch", "some"), Error);
}

TEST(UtilityReport, IsOneJsonObject) {
  UtilityReport report;
  report.real = "mnist";
  report.trials = 3;
  report.measures = {{.name = "accuracy",
                      .without = 0.5,
                      .with = 0.75,
                      .gain = 0.25,
                      .margin = 0.1,
                      .clear = true}};
  report.verdict = "help";
  const auto json = nlohmann::json::parse(ToJson(report));
  EXPECT_EQ(json["trials"], 3);
  EXPECT_EQ(json["accuracy"]["gain"], 0.25);
  EXPECT_EQ(json["accuracy"]["clear"], true);
  EXPECT_EQ(json["verdict"], "help");
}

}  // namespace
}  // namespace gan
