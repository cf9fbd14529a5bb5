#include "base/error.h"

#include <gtest/gtest.h>

namespace gan::core {
namespace {

TEST(Error, CarriesCodeAndPlace) {
  try {
    Fail(ErrorCode::kBadData, "x.pth", "wants {}, got {}", 3, 4);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kBadData);
    EXPECT_STREQ(e.what(), "[x.pth] wants 3, got 4");
  }
}

TEST(Error, TextWithBracesIsNotAFormat) {
  EXPECT_THROW(Fail(ErrorCode::kBadData, "x", std::string_view("{} {nonsense")), Error);
}

TEST(Printable, KeepsTextEscapesTheRest) {
  EXPECT_EQ(Printable("conv_first.weight"), "conv_first.weight");
  EXPECT_EQ(Printable("a\nb\x1b[0m"), "a\\x0ab\\x1b[0m");
  EXPECT_EQ(Printable("\xc3\xa9"), "\xc3\xa9");
  EXPECT_EQ(Printable("\xff\xc0\x80"), "\\xff\\xc0\\x80");
  EXPECT_EQ(Printable(std::string(500, 'a'), 8), "aaaaaaaa...");
}

TEST(Assert, IsAnInternalError) {
  try {
    GAN_ASSERT(1 == 2);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::kInternal);
  }
}

}  // namespace
}  // namespace gan::core
