#include "runs/toml_text.h"

#include <gtest/gtest.h>

namespace gan::core {
namespace {

TEST(TomlText, GivesTheParserNoCharacterThatItLooksUp) {
  const std::string text = "a \x7F \xC2\x80 \xC3\xA9 \xCF\x9E \xE2\x80\x8B \xEF\xBB\xBF z";
  const std::string shifted = TextForToml(text);
  EXPECT_EQ(shifted.find("\xC3\xA9"), std::string::npos);
  for (size_t i = 0; i < shifted.size(); ++i) {
    const unsigned char byte = static_cast<unsigned char>(shifted[i]);
    EXPECT_FALSE(byte >= 0xC0 && byte < 0xF4) << i;
  }
  EXPECT_EQ(TextFromToml(shifted), text);
}

TEST(TomlText, LeavesTheOthersAlone) {
  for (const char* text : {"", "plain = 1\n", "\xEF\xBC\xA1", "\xF0\x9F\x98\x80"}) {
    EXPECT_EQ(TextForToml(text), text);
    EXPECT_EQ(TextFromToml(text), text);
  }
  EXPECT_EQ(TextForToml("\xEF\xBB\xBFx"), "x");
  EXPECT_EQ(TextFromToml("broken \xC3"), "broken \xC3");
}

}  // namespace
}  // namespace gan::core
