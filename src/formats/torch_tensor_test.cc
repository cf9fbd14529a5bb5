#include "formats/torch_tensor.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <vector>

#include "base/random.h"

namespace gan::core {
namespace {

__extension__ typedef __int128 Wide;

// The definition: every element, in arithmetic that cannot overflow. Sizes of 2^62 and strides of
// 2^62 stay below 2^127 for the ranks used here when corners stand for all elements.
bool FitsByDefinition(const std::vector<int64_t>& sizes, const std::vector<int64_t>& strides,
                      int64_t offset, int64_t elements) {
  bool empty = false;
  for (const int64_t size : sizes) {
    if (size < 0) return false;
    empty = empty || size == 0;
  }
  for (const int64_t stride : strides) {
    if (stride < 0) return false;
  }
  if (offset < 0) return false;
  if (empty) return true;
  // Strides are not negative, so among the corners are the least and the largest place.
  for (size_t corner = 0; corner < size_t{1} << sizes.size(); ++corner) {
    Wide place = offset;
    for (size_t axis = 0; axis < sizes.size(); ++axis) {
      if ((corner >> axis & 1) != 0) place += Wide{sizes[axis] - 1} * strides[axis];
    }
    if (place < 0 || place >= elements) return false;
  }
  return true;
}

int64_t Telling(Random& random) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  constexpr std::array<int64_t, 12> kValues = {
      0, 1, 2, 3, 5, -1, 1 << 20, int64_t{1} << 32, int64_t{1} << 62, kMost, kMost - 1, -kMost};
  return random.Below(3) == 0 ? kValues[random.Below(kValues.size())]
                              : static_cast<int64_t>(random.Below(6));
}

TEST(TorchTensor, ViewsFitAsTheDefinitionSays) {
  Random random(17);
  size_t fitting = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::vector<int64_t> sizes(random.Below(5)), strides(sizes.size());
    for (int64_t& size : sizes) size = Telling(random);
    for (int64_t& stride : strides) stride = Telling(random);
    const int64_t offset = Telling(random);
    const int64_t elements = static_cast<int64_t>(random.Below(60));
    const bool wanted = FitsByDefinition(sizes, strides, offset, elements);
    ASSERT_EQ(ViewFits(sizes, strides, offset, elements), wanted)
        << ::testing::PrintToString(sizes) << ::testing::PrintToString(strides) << offset << " of "
        << elements;
    fitting += wanted ? 1 : 0;
  }
  EXPECT_GT(fitting, 10'000u);
}

TEST(TorchTensor, SmallViewsTouchOnlyTheirStorage) {
  // Every element of every small view, one by one.
  for (int64_t a = 0; a < 4; ++a) {
    for (int64_t b = 0; b < 4; ++b) {
      for (int64_t s = 0; s < 4; ++s) {
        for (int64_t t = 0; t < 4; ++t) {
          for (int64_t elements = 0; elements < 20; ++elements) {
            bool inside = true;
            for (int64_t i = 0; i < a; ++i) {
              for (int64_t j = 0; j < b; ++j) inside = inside && 1 + i * s + j * t < elements;
            }
            EXPECT_EQ(ViewFits(std::array{a, b}, std::array{s, t}, 1, elements), inside);
          }
        }
      }
    }
  }
}

// Records whose element i is i, as bytes.
class CountingRecords final : public TorchRecords {
 public:
  Tensor Load(std::string_view key, uint64_t bytes) const override {
    ++loads;
    EXPECT_EQ(key, "7");
    Tensor out(DType::kU8, Shape{static_cast<int64_t>(bytes)});
    for (size_t i = 0; i < bytes; ++i) out.raw()[i] = static_cast<std::byte>(i);
    return out;
  }
  mutable int loads = 0;
};

TorchTensor ByteView(Shape shape, Strides strides, int64_t offset, int64_t begin = 0) {
  TorchTensor out;
  out.storage = {"7", DType::kU8, 100, begin, 100 - begin};
  out.shape = shape;
  out.strides = strides;
  out.offset = offset;
  return out;
}

TEST(TorchTensorMaker, LoadsOnceSharesAndCopies) {
  const Limits limits;
  const CountingRecords records;
  TorchTensorMaker maker("test", records, 100, /*big_endian=*/false, limits);
  const Tensor whole = maker.Make(ByteView(Shape{2, 3}, {3, 1}, 4));
  const Tensor part = maker.Make(ByteView(Shape{3}, {1}, 2, /*begin=*/5));
  const Tensor columns = maker.Make(ByteView(Shape{3, 2}, {1, 3}, 4));
  EXPECT_EQ(records.loads, 1);
  EXPECT_EQ(part.raw().data(), whole.raw().data() + 3);
  const std::array<int, 6> wanted = {4, 7, 5, 8, 6, 9};
  for (size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_EQ(std::to_integer<int>(columns.raw()[i]), wanted[i]);
  }
}

TEST(TorchTensorMaker, OneStorageHasOneSize) {
  const Limits limits;
  const CountingRecords records;
  TorchTensorMaker maker("test", records, 100, /*big_endian=*/false, limits);
  maker.Make(ByteView(Shape{2}, {1}, 0));
  TorchTensor other = ByteView(Shape{2}, {1}, 0);
  other.storage.record_elements = 99;
  EXPECT_ANY_THROW(maker.Make(other));
}

TEST(TorchTensorMaker, BoundsWhatOverlappingTensorsShow) {
  Limits limits;
  limits.shown_slack = 0;
  const CountingRecords records;
  TorchTensorMaker maker("test", records, 100, /*big_endian=*/false, limits);
  for (int i = 0; i < 4; ++i) maker.Make(ByteView(Shape{100}, {1}, 0));
  EXPECT_ANY_THROW(maker.Make(ByteView(Shape{100}, {1}, 0)));
}

}  // namespace
}  // namespace gan::core
