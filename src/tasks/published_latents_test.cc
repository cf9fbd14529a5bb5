#include "tasks/published_latents.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/error.h"

namespace gan::core {
namespace {

std::vector<float> Torch(uint64_t seed, size_t count) {
  std::vector<float> out(count);
  FillAsTorch(seed, out);
  return out;
}

void ExpectNear(std::span<const float> got, std::span<const double> wanted) {
  ASSERT_GE(got.size(), wanted.size());
  for (size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(got[i], wanted[i], 6e-5) << i;
}

// Published everywhere: torch.manual_seed(0); torch.randn(4).
TEST(PublishedLatents, GiveTorchsFirstNumbers) {
  ExpectNear(Torch(0, 4), std::vector<double>{1.5410, -0.2934, -2.1788, 0.5684});
}

// Published everywhere: numpy.random.RandomState(0).randn(5), and of 42.
TEST(PublishedLatents, GiveNumpysFirstNumbers) {
  std::vector<float> out(5);
  FillAsNumpy(0, out);
  ExpectNear(out, std::vector<double>{1.764052, 0.400157, 0.978738, 2.240893, 1.867558});
  FillAsNumpy(42, out);
  ExpectNear(out, std::vector<double>{0.496714, -0.138264, 0.647689, 1.523030, -0.234153});
  EXPECT_THROW(FillAsNumpy(uint64_t{1} << 32, out), Error);
}

TEST(PublishedLatents, AreNormal) {
  const std::vector<float> numbers = Torch(7, 100'000);
  double sum = 0, squares = 0;
  for (const float x : numbers) sum += x, squares += double{x} * x;
  EXPECT_NEAR(sum / 1e5, 0, 0.01);
  EXPECT_NEAR(squares / 1e5, 1, 0.02);
}

TEST(PublishedLatents, OnlyTheLastBlockDependsOnTheCount) {
  const std::vector<float> even = Torch(3, 64), odd = Torch(3, 67);
  EXPECT_TRUE(std::equal(even.begin(), even.begin() + 51, odd.begin()));
  EXPECT_NE(even[52], odd[52]);
}

}  // namespace
}  // namespace gan::core
