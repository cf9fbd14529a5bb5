#include "data/labels_csv.h"

#include <gtest/gtest.h>

#include "media/picture_testing.h"

namespace gan::core {
namespace {

using Line = std::pair<std::string, std::string>;

TEST(LabelsCsv, FindsItsColumns) {
  const auto lines = ReadLabelLines(
      "x", "\xEF\xBB\xBFid,Label,FILE\r\n1,cat,a.png\r\n\r\n2,\"a \"\"b\"\", c\",b.png");
  ASSERT_TRUE(lines.has_value());
  EXPECT_EQ(*lines, (LabelLines{Line{"a.png", "cat"}, Line{"b.png", "a \"b\", c"}}));
}

TEST(LabelsCsv, IsNothingWithoutThem) {
  EXPECT_FALSE(ReadLabelLines("x", "").has_value());
  EXPECT_FALSE(ReadLabelLines("x", "file\na.png").has_value());
  EXPECT_FALSE(ReadLabelLines("x", "a,b\n1,2,3").has_value());
  EXPECT_TRUE(ReadLabelLines("x", "file,label")->empty());
}

TEST(LabelsCsv, NamesTheLineThatIsWrong) {
  EXPECT_EQ(CodeOf([] { ReadLabelLines("x", "file,label\na,b\nc"); }, "line 3"), 65);
  EXPECT_EQ(CodeOf([] { ReadLabelLines("x", "file,label\na,b,c"); }, "got 3"), 65);
  EXPECT_EQ(CodeOf([] { ReadLabelLines("x", "file,label\n,b"); }, "no file in line 2"), 65);
  EXPECT_EQ(CodeOf([] { ReadLabelLines("x", "file,label\na,"); }, "no label in line 2"), 65);
  EXPECT_EQ(CodeOf([] { ReadLabelLines("x", "file,label\n\"a,b"); }, "quote"), 65);
}

}  // namespace
}  // namespace gan::core
