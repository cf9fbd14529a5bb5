#include "api/option_text.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "gan/error.h"

namespace gan::core {
namespace {

std::string MessageOf(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    return error.what();
  }
  return "no error";
}

TEST(OptionText, BytesTakeUnits) {
  EXPECT_EQ(ParseBytes("m", "1"), 1u);
  EXPECT_EQ(ParseBytes("m", "512M"), uint64_t{512} << 20);
  EXPECT_EQ(ParseBytes("m", "512MiB"), uint64_t{512} << 20);
  EXPECT_EQ(ParseBytes("m", "1.5g"), uint64_t{3} << 29);
  EXPECT_EQ(ParseBytes("m", "2TB"), uint64_t{2} << 40);
}

TEST(OptionText, BytesRefuseWhatIsNone) {
  for (const char* text :
       {"", "M", "-1", "0", "1Q", "1MX", "1 M", "nan", "1e30", "99999999T", "K9"})
    EXPECT_NE(MessageOf([&] { ParseBytes("max-memory", text); }), "no error") << text;
  EXPECT_EQ(MessageOf([] { ParseBytes("max-memory", "many"); }),
            "[--max-memory] wants bytes, such as 512M or 2G, got \"many\"");
}

TEST(OptionText, IntegersKeepToTheirRange) {
  EXPECT_EQ(ParseInteger("n", "7", 1, 9), 7);
  for (const char* text : {"0", "10", "", "3.5", "0x3", "3 ", "99999999999999999999"})
    EXPECT_NE(MessageOf([&] { ParseInteger("n", text, 1, 9); }), "no error") << text;
}

TEST(OptionText, NumbersRefuseNaN) {
  EXPECT_DOUBLE_EQ(ParseNumber("s", "2.5", 0.1, 64), 2.5);
  for (const char* text : {"nan", "inf", "0", "65", "x"})
    EXPECT_NE(MessageOf([&] { ParseNumber("s", text, 0.1, 64); }), "no error") << text;
}

TEST(OptionText, PixelsAreASquareOrAPair) {
  EXPECT_EQ(ParsePixels("size", "256").height, 256);
  EXPECT_EQ(ParsePixels("size", "640x480").width, 640);
  EXPECT_EQ(ParsePixels("size", "640x480").height, 480);
  for (const char* text : {"", "x", "0", "1x0", "3x4x5", "-1x2", "1000001"})
    EXPECT_NE(MessageOf([&] { ParsePixels("size", text); }), "no error") << text;
}

TEST(OptionText, WordsAreListedWhenNoneFits) {
  EXPECT_EQ(ParseWord("tile", "off", {"auto", "off"}), 1u);
  EXPECT_EQ(MessageOf([] {
              ParseWord("tile", "of\nf", {"auto", "off"});
            }),
            "[--tile] wants one of auto, off; got \"of\\x0af\"");
}

TEST(OptionText, SeedsAndRanges) {
  EXPECT_EQ(ParseSeed("s", "9223372036854775807"), uint64_t{INT64_MAX});
  for (const char* text : {"", "-1", "1.5", "9223372036854775808"}) {
    EXPECT_NE(MessageOf([&] { ParseSeed("s", text); }), "no error") << text;
  }
  EXPECT_EQ(ParseSeeds("s", "85,0,75"), (std::vector<uint64_t>{85, 0, 75}));
  for (const char* text : {"", "1,", ",1", "1,,2", "-1", "a", "1 2", "99999999999999999999"}) {
    EXPECT_NE(MessageOf([&] { ParseSeeds("s", text); }), "no error") << text;
  }
  EXPECT_EQ(ParseRange("r", "0-6"), (std::pair<int64_t, int64_t>{0, 6}));
  EXPECT_EQ(ParseRange("r", "4"), (std::pair<int64_t, int64_t>{4, 4}));
  for (const char* text : {"", "-", "3-", "-3", "6-2", "1-2-3", "0-1000001"}) {
    EXPECT_NE(MessageOf([&] { ParseRange("r", text); }), "no error") << text;
  }
  EXPECT_EQ(ParseLatentKind("w+"), LatentKind::kWPlus);
  EXPECT_NE(MessageOf([] { ParseLatentKind("W"); }), "no error");
}

TEST(OptionText, SwitchesAreOnOrOff) {
  EXPECT_TRUE(ParseSwitch("lenient", "on"));
  EXPECT_FALSE(ParseSwitch("lenient", "off"));
  EXPECT_NE(MessageOf([] { ParseSwitch("lenient", "yes"); }), "no error");
}

}  // namespace
}  // namespace gan::core
