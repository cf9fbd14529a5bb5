#include "formats/byte_source.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "gan/error.h"

namespace gan::core {
namespace {

TEST(ByteSource, ReadsWhatIsThereAndNothingElse) {
  const std::string bytes = "0123456789";
  const MemorySource source("test", std::as_bytes(std::span(bytes)));
  EXPECT_EQ(source.size(), 10u);
  EXPECT_EQ(source.ReadAt(8, uint64_t{2}),
            (std::vector<std::byte>{std::byte{'8'}, std::byte{'9'}}));
  EXPECT_TRUE(source.ReadAt(10, uint64_t{0}).empty());
  EXPECT_THROW(source.ReadAt(9, uint64_t{2}), Error);
  EXPECT_THROW(source.ReadAt(11, uint64_t{0}), Error);
  // Neither sum may wrap, and nothing may be allocated for it.
  EXPECT_THROW(source.ReadAt(UINT64_MAX, uint64_t{2}), Error);
  EXPECT_THROW(source.ReadAt(2, UINT64_MAX), Error);
}

TEST(ByteSource, FilesHaveALimit) {
  const auto path = std::filesystem::temp_directory_path() / "gan_byte_source_test";
  std::ofstream(path) << "0123456789";
  EXPECT_EQ(FileSource(path, 10).ReadAt(3, uint64_t{1})[0], std::byte{'3'});
  try {
    FileSource(path, 9);
    ADD_FAILURE() << "was opened";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadData);
  }
  std::filesystem::remove(path);
  EXPECT_THROW(FileSource(path, 10), Error);
}

}  // namespace
}  // namespace gan::core
