#include "formats/zip_archive.h"

#include <gtest/gtest.h>

#include <string>

#include "formats/testing/zip_writer.h"
#include "gan/error.h"

namespace gan::core {
namespace {

using testing::ZipWriter;

constexpr size_t kEndBytes = 22;

std::string TwoEntries(const ZipWriter::Options& options = {}) {
  ZipWriter zip(options);
  zip.Add("a/", "");
  zip.Add("a/x", "first");
  zip.Add("a/y", std::string(1000, 'y'));
  return zip.Finish();
}

// The message of the error, which must be kBadData; empty when all entries can be read.
std::string Refusal(const std::string& bytes) {
  const MemorySource source("test", std::as_bytes(std::span(bytes)));
  try {
    const ZipArchive archive(source, Limits{});
    for (const ZipEntry& entry : archive.entries()) archive.Read(entry);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadData);
    return error.what();
  }
  return "";
}

// The archive with one byte of the central (or local) header of "a/x" changed.
std::string Patched(bool central, size_t offset, char value) {
  std::string bytes = TwoEntries();
  const size_t name = central ? bytes.rfind("a/x") : bytes.find("a/x");
  bytes[name - (central ? 46 : 30) + offset] = value;
  return bytes;
}

TEST(ZipArchive, ReadsEveryWayOfWriting) {
  for (unsigned bits = 0; bits < 16; ++bits) {
    const ZipWriter::Options options{(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0,
                                     (bits & 8) != 0};
    const std::string bytes = TwoEntries(options);
    const MemorySource source("test", std::as_bytes(std::span(bytes)));
    const ZipArchive archive(source, Limits{});
    ASSERT_EQ(archive.entries().size(), 3u);
    const ZipEntry* entry = archive.Find("a/y");
    ASSERT_NE(entry, nullptr);
    EXPECT_EQ(archive.Read(*entry), std::vector<std::byte>(1000, std::byte{'y'}));
    EXPECT_EQ(archive.Find("a/z"), nullptr);
  }
}

TEST(ZipArchive, ReadsACommentAtTheEnd) {
  std::string bytes = TwoEntries();
  bytes[bytes.size() - 2] = 4;
  EXPECT_EQ(Refusal(bytes + "note"), "");
  EXPECT_NE(Refusal(bytes + "not"), "");
}

TEST(ZipArchive, RefusesHeadersThatDisagree) {
  const std::pair<std::string, const char*> cases[] = {
      {Patched(true, 8, 1), "encrypted"},          {Patched(true, 10, 12), "method 12"},
      {Patched(true, 10, 8), "something else"},    {Patched(true, 16, 99), "something else"},
      {Patched(true, 24, 6), "two sizes"},         {Patched(true, 34, 1), "malformed"},
      {Patched(true, 42, 1), "something else"},    {Patched(true, 45, 1), "no local header"},
      {Patched(true, 47, '\\'), "plain"},          {Patched(true, 48, 'z'), "something else"},
      {Patched(false, 0, 'Q'), "something else"},  {Patched(false, 6, 1), "something else"},
      {Patched(false, 8, 8), "something else"},    {Patched(false, 14, 99), "something else"},
      {Patched(false, 18, 99), "something else"},  {Patched(false, 22, 99), "something else"},
      {Patched(false, 26, 4), "something else"},   {Patched(false, 29, 127), ""},
      {Patched(false, 32, 'z'), "something else"}, {Patched(false, 33, 'F'), "checksum"},
  };
  for (const auto& [bytes, word] : cases) {
    const std::string message = Refusal(bytes);
    EXPECT_NE(message, "");
    EXPECT_NE(message.find(word), std::string::npos) << word << ": " << message;
  }
}

TEST(ZipArchive, RefusesOverlaps) {
  // The second entry of the directory points at the first one's data, name and all.
  ZipWriter inner;
  inner.Add("a/y", "overlapping");
  std::string local = inner.Finish();
  local.resize(local.find("PK\x01\x02"));
  ZipWriter outer;
  outer.Add("a/x", local);
  outer.Add("a/y", "overlapping");
  std::string bytes = outer.Finish();
  const size_t central = bytes.rfind("a/y") - 46;
  bytes[central + 42] = static_cast<char>(30 + 3);  // where the data of a/x begins
  EXPECT_NE(Refusal(bytes).find("overlaps"), std::string::npos) << Refusal(bytes);
}

TEST(ZipArchive, RefusesBrokenEnds) {
  const std::string good = TwoEntries();
  EXPECT_NE(Refusal("x" + good), "");
  for (const size_t offset : {4, 6, 8, 10, 12, 16}) {
    std::string bytes = good;
    ++bytes[bytes.size() - kEndBytes + offset];
    EXPECT_NE(Refusal(bytes), "") << offset;
  }
  EXPECT_NE(Refusal(""), "");
  EXPECT_NE(Refusal("PK"), "");
}

TEST(ZipArchive, RefusesDeflateDataThatDoesNotFit) {
  ZipWriter::Options options;
  options.deflate = true;
  options.checksums = false;
  const std::string good = TwoEntries(options);
  const size_t data = good.find("a/y") + 3;
  size_t refused = 0;
  for (int bit = 0; bit < 64; ++bit) {
    std::string bytes = good;
    bytes[data + bit / 8] = static_cast<char>(bytes[data + bit / 8] ^ (1 << bit % 8));
    refused += Refusal(bytes).find("inflate") != std::string::npos ? 1 : 0;
  }
  EXPECT_GT(refused, 20u);
  // A size one too large or too small, in both headers.
  for (const int change : {-1, 1}) {
    std::string bytes = good;
    bytes[data - 3 - 30 + 22] = static_cast<char>(bytes[data - 3 - 30 + 22] + change);
    bytes[bytes.rfind("a/y") - 46 + 24] =
        static_cast<char>(bytes[bytes.rfind("a/y") - 46 + 24] + change);
    EXPECT_NE(Refusal(bytes).find("inflate"), std::string::npos) << change << Refusal(bytes);
  }
}

}  // namespace
}  // namespace gan::core
