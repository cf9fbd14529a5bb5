#include "gan/array.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "gan/error.h"

namespace gan {
namespace {

std::string TemporaryName(const char* name) {
  return (std::filesystem::temp_directory_path() / (std::to_string(getpid()) + name)).string();
}

TEST(Array, NpyRoundTrip) {
  const std::string path = TemporaryName("array.npy");
  WriteNpy(path, {{2, 3}, {0, 1, 2, 3, 4, -0.5f}});
  const Array back = ReadNpy(path);
  EXPECT_EQ(back.shape, (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(back.values, (std::vector<float>{0, 1, 2, 3, 4, -0.5f}));
  std::filesystem::remove(path);
}

TEST(Array, ShapeAndValuesMustAgree) {
  const std::string path = TemporaryName("wrong.npy");
  for (const Array& array : {Array{{2, 2}, {1, 2, 3}}, Array{{-1}, {}}, Array{{3}, {1, 2, 3, 4}}}) {
    try {
      WriteNpy(path, array);
      ADD_FAILURE() << "accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadData);
    }
    EXPECT_FALSE(std::filesystem::exists(path));
  }
}

TEST(Array, MissingFileIsNoInput) {
  try {
    ReadNpy("/nonexistent/x.npy");
    ADD_FAILURE() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNoInput);
  }
}

}  // namespace
}  // namespace gan
