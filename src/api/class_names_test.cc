#include "api/class_names.h"

#include <gtest/gtest.h>

namespace gan::core {
namespace {

using Names = std::vector<std::string>;

TEST(ClassNames, ComeFromTheMetadata) {
  EXPECT_EQ(ClassNamesIn({{"gan.classes", R"(["cat", "d\"og"])"}}, 2), (Names{"cat", "d\"og"}));
  EXPECT_EQ(ClassNamesIn({{"gan.classes", R"(["cat"])"}}, 0), Names{});
  EXPECT_EQ(ClassNamesIn({}, 2), Names{});
}

TEST(ClassNames, WhatDoesNotFitIsLeftOut) {
  for (const char* text :
       {"", "[", "{}", "[1, 2]", R"(["a"])", R"(["a", "b", "c"])", R"([["a"], "b"])", "\"ab\""}) {
    EXPECT_EQ(ClassNamesIn({{"gan.classes", text}}, 2), Names{}) << text;
  }
  EXPECT_EQ(ClassNamesIn({{"gan.classes", std::string(200'000, '[')}}, 2), Names{});
}

}  // namespace
}  // namespace gan::core
