#include "base/fingerprint.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace gan::core {
namespace {

uint64_t Of(std::string_view text) {
  Fingerprint fingerprint;
  fingerprint.Add(text);
  return fingerprint.value();
}

TEST(Fingerprint, NoticesEveryFlippedBit) {
  std::string text = "a text of more than two words of eight";
  std::set<uint64_t> seen = {Of(text)};
  for (size_t bit = 0; bit < text.size() * 8; ++bit) {
    text[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << bit % 8));
    EXPECT_TRUE(seen.insert(Of(text)).second) << bit;
    text[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << bit % 8));
  }
}

TEST(Fingerprint, CountsLengthsAndOrder) {
  Fingerprint a, b, c;
  a.Add("ab"), a.Add("c");
  b.Add("a"), b.Add("bc");
  c.Add("c"), c.Add("ab");
  EXPECT_NE(a.value(), b.value());
  EXPECT_NE(a.value(), c.value());
  EXPECT_NE(Of(std::string(8, '\0')), Of(std::string(9, '\0')));
}

TEST(Fingerprint, StaysWhatItIs) {  // caches on disk are named by it
  EXPECT_EQ(Of("gan"), Of("gan"));
  EXPECT_NE(Of(""), Fingerprint().value());
}

}  // namespace
}  // namespace gan::core
