#include "data/dataset.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "data/contact_sheet.h"
#include "data/data_testing.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

class DatasetTest : public ::testing::Test {
 protected:
  // Two classes of three pictures, 8 x 8, RGB.
  DatasetOptions Pictures() {
    for (const char* name : {"a/1", "a/2", "a/3", "b/1", "b/2", "b/3"}) {
      WriteTestPicture(folder_ / ("set/" + std::string(name) + ".png"), 3, 8, 8);
    }
    return OptionsFor(folder_, folder_ / "set");
  }
  DatasetOptions Idx(int64_t count) {
    WriteBytes(folder_ / "train-images-idx3-ubyte", IdxPictures(count, 4, 4));
    WriteBytes(folder_ / "train-labels-idx1-ubyte", IdxLabels(count, 3));
    return OptionsFor(folder_, folder_ / "train-images-idx3-ubyte");
  }
  static int Code(const DatasetOptions& options, std::string_view part) {
    return CodeOf([&] { Dataset::Open(options); }, part);
  }
  static std::vector<float> Read(const Dataset& data, int64_t i) {
    std::vector<float> out(static_cast<size_t>(data.elements()));
    data.Read(i, out);
    return out;
  }

  TemporaryFolder folder_;
};

TEST_F(DatasetTest, ReadsFromMinusOneToOne) {
  const Dataset data = Dataset::Open(Idx(256));
  EXPECT_EQ(data.count(), 256);
  EXPECT_EQ(data.channels(), 1);
  EXPECT_EQ(data.height(), 4);
  EXPECT_EQ(data.bits(), 8);
  EXPECT_EQ(data.classes().size(), 3u);
  EXPECT_EQ(data.Label(4), 1);
  EXPECT_EQ(data.Name(4), "train-images-idx3-ubyte #4");
  EXPECT_EQ(data.Raw(7)[0], std::byte{7});
  EXPECT_EQ(Read(data, 0)[0], -1);
  EXPECT_EQ(Read(data, 255)[0], 1);
  EXPECT_NEAR(Read(data, 51)[0], 51 / 127.5 - 1, 1e-6);
}

TEST_F(DatasetTest, KeepsSixteenBitsAndAlpha) {
  WriteTestPicture(folder_ / "set/1.png", 4, 8, 8, 16);
  DatasetOptions options = OptionsFor(folder_, folder_ / "set");
  const Dataset data = Dataset::Open(options);
  EXPECT_EQ(data.bits(), 16);
  EXPECT_EQ(data.channels(), 4);
  const Tensor picture = TestPicture(4, 8, 8, 16);
  const std::vector<float> read = Read(data, 0);
  for (size_t i = 0; i < read.size(); ++i) {
    EXPECT_NEAR(read[i], picture.floats()[i] * 2 - 1, 1e-6);
  }
  options.channels = 3;
  const Dataset flat = Dataset::Open(options);
  EXPECT_EQ(flat.channels(), 3);
  ASSERT_EQ(flat.notes().size(), 1u);
  EXPECT_NE(flat.notes()[0].find("white"), std::string::npos);
}

TEST_F(DatasetTest, MakesPicturesAlike) {
  WriteTestPicture(folder_ / "set/1.png", 1, 8, 8);
  WriteTestPicture(folder_ / "set/2.png", 3, 12, 9);
  DatasetOptions options = OptionsFor(folder_, folder_ / "set");
  EXPECT_EQ(Code(options, "8 x 8 (1), 9 x 12 (1)"), 64);
  options.size = 6;
  const Dataset data = Dataset::Open(options);
  EXPECT_EQ(data.channels(), 3);
  EXPECT_EQ(data.width(), 6);
  EXPECT_NE(data.notes().at(0).find("1 of 1, 1 of 3"), std::string::npos) << data.notes()[0];
  fs::remove(folder_ / "set/1.png");
  options.size = 0;
  EXPECT_EQ(Code(options, "9 x 12 (1)"), 64);
}

TEST_F(DatasetTest, FindsWhatItDecoded) {
  const DatasetOptions options = Pictures();
  std::vector<double> told;
  const Dataset first = Dataset::Open(options, [&](double share) { told.push_back(share); });
  EXPECT_FALSE(told.empty());
  EXPECT_TRUE(std::ranges::is_sorted(told));
  EXPECT_NEAR(told.back(), 1, 1e-9);
  told.clear();
  const Dataset second = Dataset::Open(options, [&](double share) { told.push_back(share); });
  EXPECT_TRUE(told.empty()) << "decoded again";
  EXPECT_EQ(second.fingerprint(), first.fingerprint());
  EXPECT_EQ(second.Name(5), "b/3.png");
  EXPECT_TRUE(std::ranges::equal(second.Raw(5), first.Raw(5)));
}

TEST_F(DatasetTest, DecodesAgainWhenTheDataChanges) {
  const DatasetOptions options = Pictures();
  EXPECT_EQ(Dataset::Open(options).count(), 6);
  WriteTestPicture(folder_ / "set/a/4.png", 3, 8, 8);
  EXPECT_EQ(Dataset::Open(options).count(), 7);
  fs::remove(folder_ / "set/a/4.png");
  fs::remove(folder_ / "set/b/1.png");
  EXPECT_EQ(Dataset::Open(options).count(), 5);
  WriteTestPicture(folder_ / "set/b/3.png", 1, 8, 8);
  EXPECT_NE(Dataset::Open(options).notes().size(), 0u);
  // One file in the cache for one set of options.
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "cache"), {}), 1);
}

TEST_F(DatasetTest, NeverTrustsABrokenCache) {
  const DatasetOptions options = Pictures();
  const Dataset first = Dataset::Open(options);
  const std::string path = first.cache_file();
  const std::string good = FileBytes(path);
  for (const std::string& bad : {std::string(), good.substr(0, good.size() / 2), good + "x",
                                 std::string(good.size(), '\0'), std::string("GANDATA\n")}) {
    fs::remove(path);  // the first one is mapped
    WriteBytes(path, bad);
    const Dataset again = Dataset::Open(options);
    EXPECT_EQ(again.fingerprint(), first.fingerprint());
    EXPECT_EQ(FileBytes(path), good);
  }
  std::string flipped = good;
  flipped[100] = static_cast<char>(flipped[100] ^ 4);
  fs::remove(path);
  WriteBytes(path, flipped);
  EXPECT_EQ(Dataset::Open(options).fingerprint(), first.fingerprint());
}

TEST_F(DatasetTest, StaysInMemoryWhenTheCacheCannotBeWritten) {
  DatasetOptions options = Pictures();
  const Dataset cached = Dataset::Open(options);
  WriteBytes(folder_ / "file", "x");
  options.cache = folder_ / "file";  // no folder
  const Dataset data = Dataset::Open(options);
  EXPECT_EQ(data.cache_file(), "");
  EXPECT_EQ(data.fingerprint(), cached.fingerprint());
  ASSERT_EQ(data.notes().size(), 1u);
  EXPECT_NE(data.notes()[0].find("memory"), std::string::npos);
}

TEST_F(DatasetTest, AnyNumberOfThreadsGivesTheSame) {
  DatasetOptions options = Pictures();
  options.size = 5;
  std::set<uint64_t> prints;
  for (const int threads : {1, 2, 4}) {
    options.threads = threads;
    options.cache = folder_ / ("cache" + std::to_string(threads));
    prints.insert(Dataset::Open(options).fingerprint());
  }
  EXPECT_EQ(prints.size(), 1u);
}

TEST_F(DatasetTest, LeavesOutWhatCannotBeRead) {
  const DatasetOptions options = Pictures();
  WriteBytes(folder_ / "set/a/0.png", "no picture");
  const std::string good = FileBytes(folder_ / "set/b/2.png");
  WriteBytes(folder_ / "set/b/9.png", good.substr(0, good.size() - 20));
  const Dataset data = Dataset::Open(options);
  EXPECT_EQ(data.count(), 6);
  ASSERT_EQ(data.unreadable().size(), 2u);
  EXPECT_EQ(data.unreadable()[0].name, "a/0.png");
  EXPECT_EQ(data.unreadable()[1].name, "b/9.png");
  EXPECT_NE(data.unreadable()[1].reason.find("truncated"), std::string::npos);
  EXPECT_EQ(Dataset::Open(options).unreadable().size(), 2u) << "from the cache";
}

TEST_F(DatasetTest, NeedsAPictureInEveryClass) {
  const DatasetOptions options = Pictures();
  for (const char* name : {"1", "2", "3"}) {
    WriteBytes(folder_ / ("set/b/" + std::string(name) + ".png"), "no picture");
  }
  EXPECT_EQ(Code(options, "class \"b\" has no picture that can be read"), 65);
  fs::remove_all(folder_ / "set/a");
  EXPECT_EQ(Code(options, "none of 3 pictures"), 65);
}

TEST_F(DatasetTest, LimitsAreSeeded) {
  DatasetOptions options = Idx(90);
  options.limit = 10;
  const auto names = [](const Dataset& data) {
    std::vector<std::string> out;
    for (int64_t i = 0; i < data.count(); ++i) out.push_back(data.Name(i));
    return out;
  };
  const auto first = names(Dataset::Open(options));
  EXPECT_EQ(first.size(), 10u);
  options.cache = folder_ / "other";
  EXPECT_EQ(names(Dataset::Open(options)), first);
  options.seed = 1;
  EXPECT_NE(names(Dataset::Open(options)), first);
  options.limit = 0;
  options.limit_per_class = 4;
  const Dataset balanced = Dataset::Open(options);
  EXPECT_EQ(balanced.count(), 12);
  std::vector<int> of_class(3);
  for (int64_t i = 0; i < 12; ++i) ++of_class[static_cast<size_t>(balanced.Label(i))];
  EXPECT_EQ(of_class, std::vector<int>(3, 4));
  options.labels = "none";
  EXPECT_EQ(Code(options, "no labels"), 64);
  options.limit_per_class = 0;
  options.limit = 1;
  EXPECT_EQ(Dataset::Open(options).count(), 1) << "a single picture is a data set";
}

TEST_F(DatasetTest, CanBeCancelled) {
  const DatasetOptions options = Pictures();
  CancelFlag cancel;
  cancel.Cancel();
  EXPECT_EQ(CodeOf([&] { Dataset::Open(options, {}, &cancel); }), 130);
  EXPECT_FALSE(fs::exists(folder_ / "cache") && !fs::is_empty(folder_ / "cache"));
}

TEST_F(DatasetTest, RefusesOptionsOutOfRange) {
  DatasetOptions options = Pictures();
  options.size = 10'000;
  EXPECT_EQ(Code(options, "[size]"), 64);
  options.size = 0;
  options.channels = 5;
  EXPECT_EQ(Code(options, "[channels]"), 64);
  options.channels = 0;
  options.fit = "crop";
  EXPECT_EQ(Code(options, "[fit]"), 64);
  options.fit = "cover";
  options.limit = -1;
  EXPECT_EQ(Code(options, "[limit]"), 64);
}

TEST_F(DatasetTest, ShowsItselfAndWhatIsThereTwice) {
  const Dataset data = Dataset::Open(Pictures());
  EXPECT_EQ(ContactSheet(data).shape(), (Shape{3, 17, 89}));
  EXPECT_EQ(FindDuplicates(data).size(), 5u);
  const Dataset digits = Dataset::Open(Idx(20));
  EXPECT_EQ(ContactSheet(digits).shape(), (Shape{1, 14, 49}));
  EXPECT_TRUE(FindDuplicates(digits).empty());
}

}  // namespace
}  // namespace gan::core
