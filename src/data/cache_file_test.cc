#include "data/cache_file.h"

#include <gtest/gtest.h>

#include <cstring>

#include "media/picture_testing.h"

namespace gan::core {
namespace {

std::string Written(const CacheForm& form, int64_t pictures) {
  std::string out;
  CacheWriter writer(form, 7, 9, [&](std::span<const std::byte> bytes) {
    out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  });
  for (int64_t i = 0; i < pictures; ++i) {
    const std::vector<std::byte> pixels(form.picture_bytes(), static_cast<std::byte>(i));
    writer.Add(pixels, static_cast<int32_t>(i % 3) - 1, "picture " + std::to_string(i));
  }
  writer.Finish({"first", "second"}, {{"bad.png", "[bad.png] is empty"}}, {"a note"});
  return out;
}

CachedPictures Parse(const std::string& bytes, uint64_t key = 7, uint64_t source = 9) {
  return ParseCache(std::as_bytes(std::span(bytes)), key, source);
}

constexpr CacheForm kForm{16, 3, 4, 5};

TEST(CacheFile, GivesBackWhatWasWritten) {
  for (const CacheForm& form : {kForm, CacheForm{8, 1, 1, 1}}) {
    const std::string bytes = Written(form, 5);
    const CachedPictures read = Parse(bytes);
    EXPECT_EQ(read.count, 5);
    EXPECT_EQ(read.form.bits, form.bits);
    EXPECT_EQ(read.form.picture_bytes(), form.picture_bytes());
    EXPECT_EQ(read.pixels[4 * form.picture_bytes()], std::byte{4});
    EXPECT_EQ(read.labels, (std::vector<int32_t>{-1, 0, 1, -1, 0}));
    EXPECT_EQ(read.classes, (std::vector<std::string>{"first", "second"}));
    EXPECT_EQ(read.names[3], "picture 3");
    ASSERT_EQ(read.unreadable.size(), 1u);
    EXPECT_EQ(read.unreadable[0].reason, "[bad.png] is empty");
    EXPECT_EQ(read.notes, std::vector<std::string>{"a note"});
  }
}

TEST(CacheFile, FingerprintsPixelsAndLabelsAlone) {
  EXPECT_EQ(Parse(Written(kForm, 5)).fingerprint, Parse(Written(kForm, 5)).fingerprint);
  EXPECT_NE(Parse(Written(kForm, 5)).fingerprint, Parse(Written(kForm, 6)).fingerprint);
  EXPECT_NE(Parse(Written({8, 1, 2, 3}, 5)).fingerprint,
            Parse(Written({8, 1, 3, 2}, 5)).fingerprint);
}

TEST(CacheFile, NoticesEveryFlippedBit) {
  const std::string good = Written({8, 1, 2, 3}, 4);
  for (size_t i = 0; i < good.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ 1 << bit);
      EXPECT_EQ(CodeOf([&] { Parse(bad); }), 65) << i;
    }
  }
}

TEST(CacheFile, NoticesEveryCut) {
  const std::string good = Written({8, 1, 2, 3}, 4);
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_EQ(CodeOf([&] { Parse(good.substr(0, size)); }), 65) << size;
  }
  EXPECT_EQ(CodeOf([&] { Parse(good + "x"); }), 65);
}

TEST(CacheFile, IsStaleForOtherOptionsAndSources) {
  const std::string good = Written(kForm, 1);
  EXPECT_EQ(CodeOf([&] { Parse(good, 8, 9); }, "changed"), 65);
  EXPECT_EQ(CodeOf([&] { Parse(good, 7, 8); }, "changed"), 65);
  std::string older = good;
  older[8] = 9;
  EXPECT_EQ(CodeOf([&] { Parse(older); }, "another version"), 65);
}

}  // namespace
}  // namespace gan::core
