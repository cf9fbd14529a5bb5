#include "base/file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>

#include "base/error.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

class FileTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              (std::string("file_test_") + std::to_string(getpid()) + "_" +
               testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string Content(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  size_t Entries() {
    return static_cast<size_t>(std::distance(fs::directory_iterator(folder_), {}));
  }
  ErrorCode CodeOf(const std::function<void()>& call) {
    try {
      call();
    } catch (const Error& e) {
      return e.code();
    }
    ADD_FAILURE() << "no error";
    return ErrorCode::kInternal;
  }

  fs::path folder_;
};

TEST_F(FileTest, ReadsWhatIsThere) {
  std::ofstream(folder_ / "a") << "0123456789";
  const InputFile file(folder_ / "a");
  EXPECT_EQ(file.size(), 10u);
  const auto bytes = file.ReadAt(3, 4);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(bytes.data()), 4), "3456");
  EXPECT_EQ(CodeOf([&] { file.ReadAt(8, size_t{3}); }), ErrorCode::kBadData);
  EXPECT_EQ(CodeOf([&] { file.ReadAt(~uint64_t{0}, size_t{3}); }), ErrorCode::kBadData);
}

TEST_F(FileTest, AShrinkingFileIsAnError) {
  std::ofstream(folder_ / "a") << "0123456789";
  const InputFile file(folder_ / "a");
  fs::resize_file(folder_ / "a", 4);
  EXPECT_EQ(CodeOf([&] { file.ReadAt(0, size_t{10}); }), ErrorCode::kIo);
}

TEST_F(FileTest, RefusesWhatIsNoFile) {
  EXPECT_EQ(CodeOf([&] { InputFile(folder_ / "missing"); }), ErrorCode::kNoInput);
  EXPECT_EQ(CodeOf([&] { InputFile{folder_}; }), ErrorCode::kBadData);
  EXPECT_EQ(CodeOf([&] { InputFile("/dev/zero"); }), ErrorCode::kBadData);
}

TEST_F(FileTest, WritesWholeOrNotAtAll) {
  const fs::path target = folder_ / "out.png";
  std::ofstream(target) << "old";
  {
    AtomicFile file(target);
    file.Write("new");
    EXPECT_EQ(file.temporary().extension(), ".png");
  }
  EXPECT_EQ(Content(target), "old");
  EXPECT_EQ(Entries(), 1u);
  {
    AtomicFile file(target);
    file.Write("new");
    file.Commit();
  }
  EXPECT_EQ(Content(target), "new");
  EXPECT_EQ(Entries(), 1u);
}

TEST_F(FileTest, ReportsWhereItCannotWrite) {
  EXPECT_EQ(CodeOf([&] { AtomicFile(folder_ / "none" / "x"); }), ErrorCode::kCannotCreate);
  EXPECT_EQ(CodeOf([&] { AtomicFile{folder_}; }), ErrorCode::kCannotCreate);
  EXPECT_EQ(CodeOf([&] {
              AtomicFile full("/dev/full");
              full.Write("x");
              full.Commit();
            }),
            ErrorCode::kIo);
}

TEST_F(FileTest, RemovesWhatAKilledProcessLeft) {
  std::ofstream(folder_ / "out.png") << "kept";
  std::ofstream(folder_ / ".hidden") << "kept";
  const fs::path left = [&] {
    AtomicFile file(folder_ / "x.png");
    return file.temporary();
  }();
  std::ofstream(left) << "half";
  EXPECT_EQ(RemoveLeftovers(folder_), 1);
  EXPECT_EQ(Entries(), 2u);
  EXPECT_EQ(RemoveLeftovers(folder_ / "none"), 0);
  EXPECT_NO_THROW(SyncFolder(folder_));
}

TEST_F(FileTest, CleansUpFromASignalHandler) {
  AtomicFile file(folder_ / "x");
  EXPECT_EQ(Entries(), 1u);
  RemoveTemporaryFiles();
  EXPECT_EQ(Entries(), 0u);
}

}  // namespace
}  // namespace gan::core
