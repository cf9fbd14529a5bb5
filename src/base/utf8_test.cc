#include "base/utf8.h"

#include <gtest/gtest.h>

namespace gan::core {
namespace {

TEST(Utf8, AcceptsEveryLength) {
  EXPECT_EQ(Utf8Length("a"), 1u);
  EXPECT_EQ(Utf8Length("\xc3\xa9x"), 2u);
  EXPECT_EQ(Utf8Length("\xe2\x82\xac"), 3u);
  EXPECT_EQ(Utf8Length("\xf0\x9f\x98\x80"), 4u);
  EXPECT_TRUE(IsUtf8(""));
  EXPECT_TRUE(IsUtf8("conv_first.weight \xc3\xa9"));
}

TEST(Utf8, RefusesWhatTheStandardForbids) {
  for (const char* bad : {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xed\xa0\x80",
                          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xc3", "ab\xff"}) {
    EXPECT_FALSE(IsUtf8(bad)) << bad;
  }
}

TEST(Utf8, WritesWhatItRecognises) {
  for (const uint32_t code : {0x0u, 0x7Fu, 0x80u, 0x7FFu, 0x800u, 0xFFFFu, 0x10000u, 0x10FFFFu}) {
    std::string text;
    AppendUtf8(code, text);
    EXPECT_EQ(Utf8Length(text), text.size()) << code;
  }
  std::string text;
  for (const uint32_t code : {0x41u, 0xE9u, 0x20ACu, 0x1F600u}) AppendUtf8(code, text);
  EXPECT_EQ(text, "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
  text.clear();
  AppendUtf8(0xD800, text);
  EXPECT_FALSE(IsUtf8(text));
}

}  // namespace
}  // namespace gan::core
