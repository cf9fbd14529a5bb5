// IDX, CIFAR and NumPy files as collections; files of pictures are in picture_files_test.cc.
#include "data/collection.h"

#include <gtest/gtest.h>

#include "data/data_testing.h"
#include "formats/testing/zip_writer.h"

namespace gan::core {
namespace {

using namespace std::string_literals;

class ArraysTest : public ::testing::Test {
 protected:
  std::string Put(const std::string& name, const std::string& bytes) {
    WriteBytes(folder_ / name, bytes);
    return folder_ / name;
  }
  std::unique_ptr<Collection> Open(const std::string& path, const CollectionOptions& options = {}) {
    return OpenCollection(path, options);
  }
  int Code(const std::string& path, std::string_view part, const CollectionOptions& options = {}) {
    return CodeOf([&] { Open(path, options); }, part);
  }
  // The first sample of a picture.
  static float First(const Collection& data, int64_t i) {
    OpenedPicture opened = data.Open(i);
    Tensor picture(DType::kF32, {opened.info.channels(), opened.info.height, opened.info.width});
    opened.rows(0, opened.info.height, picture.view());
    return picture.floats()[0];
  }

  TemporaryFolder folder_;
};

TEST_F(ArraysTest, IdxHasLabelsBesideIt) {
  const std::string path = Put("train-images-idx3-ubyte", IdxPictures(5, 2, 3));
  EXPECT_TRUE(Open(path)->classes().empty());
  Put("train-labels-idx1-ubyte.gz", Gzipped(IdxLabels(5, 3)));
  const auto data = Open(path);
  EXPECT_EQ(data->kind(), "IDX");
  EXPECT_EQ(data->classes(), (std::vector<std::string>{"0", "1", "2"}));
  EXPECT_EQ(data->Label(4), 1);
  EXPECT_EQ(data->Name(4), "train-images-idx3-ubyte #4");
  EXPECT_FLOAT_EQ(First(*data, 4), 4.0f / 255);
  EXPECT_TRUE(Open(path, {.labels = "none"})->classes().empty());
  EXPECT_EQ(Code(path, "auto", {.labels = "csv"}), 64);
}

TEST_F(ArraysTest, IdxFolderHasSplits) {
  const std::string folder = folder_.path().native();
  Put("emnist-train-images-idx3-ubyte.gz", Gzipped(IdxPictures(3, 2, 2)));
  Put("emnist-train-labels-idx1-ubyte.gz", Gzipped(IdxLabels(3, 2)));
  Put("t10k-images-idx3-ubyte", IdxPictures(2, 2, 2));
  EXPECT_EQ(Open(folder)->count(), 3);
  EXPECT_EQ(Open(folder)->classes().size(), 2u);
  EXPECT_EQ(Open(folder, {.split = "test"})->count(), 2);
  EXPECT_EQ(Code(folder, "0 of them for the split \"val\"", {.split = "val"}), 64);
  Put("other-train-images-idx3-ubyte", IdxPictures(3, 2, 2));
  EXPECT_EQ(Code(folder, "name the one"), 65);
}

TEST_F(ArraysTest, IdxRefusesWhatDoesNotFit) {
  const std::string good = IdxPictures(5, 2, 3);
  EXPECT_EQ(Code(Put("a", good.substr(0, good.size() - 1)), "cut short"), 65);
  EXPECT_EQ(Code(Put("b", good + "x"), "sizes"), 65);
  EXPECT_EQ(Code(Put("c.gz", Gzipped("hello, this is text")), "no IDX"), 65);
  EXPECT_EQ(Code(Put("d-labels-idx1-ubyte", IdxLabels(4, 2)), "rank 1"), 65);
  EXPECT_EQ(Code(Put("e", IdxPictures(0, 2, 2)), "0 pictures"), 65);
  EXPECT_EQ(
      Code(Put("f", "\0\0\x08\x03\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s), "sizes"), 65);
  Put("g-images-idx3-ubyte", good);
  Put("g-labels-idx1-ubyte", IdxLabels(4, 2));
  EXPECT_EQ(Code(folder_ / "g-images-idx3-ubyte", "belong together"), 65);
}

std::string CifarRecord(const std::string& labels, char red, char green) {
  return labels + std::string(1024, red) + std::string(1024, green) + std::string(1024, '\0');
}

TEST_F(ArraysTest, CifarIsReadByItsRecords) {
  const std::string folder = folder_.path().native();
  Put("data_batch_1.bin", CifarRecord("\x03"s, '\xFF', '\0') + CifarRecord("\x09"s, '\0', '\xFF'));
  Put("data_batch_2.bin", CifarRecord("\x03"s, '\x01', '\0'));
  Put("test_batch.bin", CifarRecord("\0"s, '\0', '\0'));
  const auto data = Open(folder);
  EXPECT_EQ(data->kind(), "CIFAR-10");
  ASSERT_EQ(data->count(), 3);
  EXPECT_EQ(data->classes(), (std::vector<std::string>{"3", "9"}));
  EXPECT_EQ(First(*data, 0), 1);
  EXPECT_EQ(First(*data, 1), 0);
  EXPECT_EQ(data->Open(0).info.channels(), 3);
  EXPECT_EQ(Open(folder, {.split = "test"})->count(), 1);
  EXPECT_EQ(Code(folder, "\"val\"", {.split = "val"}), 64);
  Put("batches.meta.txt", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n");
  EXPECT_EQ(Open(folder_ / "data_batch_1.bin")->classes(), (std::vector<std::string>{"d", "j"}));
  Put("data_batch_3.bin", "short");
  EXPECT_EQ(Code(folder, "no CIFAR"), 65);
}

TEST_F(ArraysTest, Cifar100HasTwoLabels) {
  const auto data = Open(Put("train.bin", CifarRecord("\x13\x63"s, '\0', '\0')));
  EXPECT_EQ(data->kind(), "CIFAR-100");
  EXPECT_EQ(data->classes(), std::vector<std::string>{"99"});
  EXPECT_EQ(Code(Put("x.bin", CifarRecord("\x14\x63"s, '\0', '\0')), "data sets are"), 65);
}

TEST_F(ArraysTest, NumPyOfManyTypes) {
  struct Case {
    std::string descr, shape, data;
    float first;
    int bits, channels;
  };
  const float floats[] = {-1.0f, 0.5f}, bytes[] = {0.0f, 255.0f};
  const auto of = [](const auto& values) {
    return std::string(reinterpret_cast<const char*>(values), sizeof values);
  };
  for (const Case& c : {Case{"|u1", "2, 1, 1", "\xFF\x01"s, 1, 8, 1},
                        Case{"|u1", "1, 1, 1, 4", "\xFF\0\0\0"s, 1, 8, 4},
                        Case{"|b1", "2, 1, 1", "\x01\0"s, 1, 8, 1},
                        Case{"<u2", "2, 1, 1", "\xFF\xFF\0\0"s, 1, 16, 1},
                        Case{"<i8", "1, 1, 1", "\xFF\0\0\0\0\0\0\0"s, 1, 8, 1},
                        Case{"<f4", "2, 1, 1", of(floats), 0, 16, 1},
                        Case{"<f4", "1, 1, 1, 2", of(bytes), 0, 16, 2}}) {
    const auto data = Open(Put("x.npy", Npy(c.descr, c.shape, c.data)));
    EXPECT_EQ(data->Open(0).info.bits, c.bits) << c.descr;
    EXPECT_EQ(data->Open(0).info.channels(), c.channels) << c.descr;
    EXPECT_FLOAT_EQ(First(*data, 0), c.first) << c.descr;
  }
}

TEST_F(ArraysTest, NumPyRefusesWhatIsNoPicture) {
  const float large[] = {-3.0f, 300.0f};
  const std::string data(reinterpret_cast<const char*>(large), sizeof large);
  EXPECT_EQ(Code(Put("a.npy", Npy("<f4", "2, 1, 1", data)), "from -3 to 300"), 65);
  EXPECT_EQ(Code(Put("b.npy", Npy("<i2", "1, 1, 1", "\xFF\xFF")), "from -1"), 65);
  EXPECT_EQ(Code(Put("c.npy", Npy("|u1", "4, 1", "abcd")), "[4, 1]"), 65);
  EXPECT_EQ(Code(Put("d.npy", Npy("|u1", "1, 1, 1, 5", "abcde")), "channels"), 65);
  EXPECT_EQ(Code(Put("e.npy", Npy("|u1", "0, 1, 1", "")), "pictures are"), 65);
}

TEST_F(ArraysTest, NumPyLeavesOutPicturesWithNan) {
  const float values[] = {0.5f, NAN};
  const std::string bytes(reinterpret_cast<const char*>(values), sizeof values);
  const auto data = Open(Put("x.npy", Npy("<f4", "2, 1, 1", bytes)));
  EXPECT_FLOAT_EQ(First(*data, 0), 0.5f);
  EXPECT_EQ(CodeOf([&] { data->Open(1); }, "NaN"), 65);
}

TEST_F(ArraysTest, NpyHasLabelsBesideIt) {
  const std::string path = Put("my_images.npy", Npy("|u1", "2, 1, 1", "ab"));
  Put("my_labels.npy", Npy("|u1", "2, 1", "\x07\x05"));
  EXPECT_EQ(Open(path)->classes(), (std::vector<std::string>{"5", "7"}));
  EXPECT_EQ(Open(path)->Label(0), 1);
  Put("my_labels.npy", Npy("|u1", "1, 2", "\x07\x05"));
  EXPECT_EQ(Code(path, "one for each picture"), 65);
  Put("my_labels.npy", Npy("|u1", "3", "abc"));
  EXPECT_EQ(Code(path, "labels are 3"), 65);
  EXPECT_TRUE(Open(path, {.labels = "none"})->classes().empty());
}

TEST_F(ArraysTest, NpzHasSplits) {
  testing::ZipWriter zip;
  zip.Add("train_images.npy", Npy("|u1", "2, 1, 1", "ab"));
  zip.Add("train_labels.npy", Npy("|u1", "2, 1", "\x01\0"s));
  zip.Add("x_test.npy", Npy("|u1", "1, 1, 1", "c"));
  const std::string path = Put("set.npz", zip.Finish());
  EXPECT_EQ(Open(path)->classes().size(), 2u);
  EXPECT_EQ(Open(path, {.split = "test"})->count(), 1);
  EXPECT_EQ(Code(path, "holds train_images, train_labels, x_test", {.split = "val"}), 64);
  testing::ZipWriter one;
  one.Add("arr_0.npy", Npy("|u1", "3, 1, 1", "abc"));
  EXPECT_EQ(Open(Put("one.npz", one.Finish()))->count(), 3);
}

TEST_F(ArraysTest, RefusesOtherFiles) {
  EXPECT_EQ(Code(folder_ / "none", "not there"), 66);
  EXPECT_EQ(Code(Put("x.txt", "hello"), "data sets are"), 65);
  EXPECT_EQ(Code(Put("x", ""), "an empty file"), 65);
  WriteTestPicture(folder_ / "x.png", 1, 2, 2);
  EXPECT_EQ(Code(folder_ / "x.png", "give the folder"), 65);
}

}  // namespace
}  // namespace gan::core
