// Every seed is read; every file that once was a problem (corpus/FORMAT/) is read or refused; and
// no allocation that fails makes a reader do more than throw.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <new>
#include <string>
#include <vector>

#include "fuzzed_formats.h"
#include "gan/error.h"
#include "memory_meter.h"
#include "mutator.h"

namespace gan::core::fuzz {
namespace {

constexpr uint64_t kEachAllocation = 150;

class Corpus : public ::testing::TestWithParam<FuzzedFormat> {};

TEST_P(Corpus, SeedsAreRead) {
  for (const std::string& seed : GetParam().seeds()) {
    EXPECT_NO_THROW(GetParam().read(std::as_bytes(std::span(seed))));
  }
}

TEST_P(Corpus, OldProblemsAreReadOrRefused) {
  const auto folder = std::filesystem::path(GAN_SOURCE_DIR) / "tests/fuzz/corpus" / GetParam().name;
  if (!std::filesystem::exists(folder)) return;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    std::ifstream in(file.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    try {
      GetParam().read(std::as_bytes(std::span(bytes)));
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadData) << file.path() << ": " << error.what();
    }
  }
}

TEST_P(Corpus, FailedAllocationsThrow) {
  if (!MemoryMeterWorks()) GTEST_SKIP() << "needs a build without sanitizers";
  for (const std::string& seed : GetParam().seeds()) {
    const auto bytes = std::as_bytes(std::span(seed));
    const size_t before = AllocatedBytes();
    bool failed = true;
    // Of readers that allocate often some of the later ones: the time grows with the square.
    for (uint64_t n = 1; failed; n += 1 + n / kEachAllocation) {
      FailAllocation(n);
      std::string surprise;
      try {
        GetParam().read(bytes);
      } catch (const Error&) {
      } catch (const std::bad_alloc&) {
      } catch (const std::exception& error) {
        surprise = error.what();
      }
      failed = AllocationFailed();
      FailAllocation(0);
      EXPECT_EQ(surprise, "") << "allocation " << n;
      ASSERT_LT(n, 1'000'000u);
    }
    EXPECT_EQ(AllocatedBytes(), before) << "something leaks";
  }
}

TEST(MemoryMeter, CountsAndFails) {
  if (!MemoryMeterWorks()) GTEST_SKIP() << "needs a build without sanitizers";
  constexpr size_t kSize = 1 << 20;
  const size_t before = AllocatedBytes();
  ResetPeakAllocation();
  {
    const std::vector<char> some(kSize);
    EXPECT_GE(AllocatedBytes() - before, kSize);
  }
  EXPECT_LT(AllocatedBytes() - before, kSize);
  EXPECT_GE(PeakAllocatedBytes() - before, kSize);
  FailAllocation(2);
  const std::vector<char> first(kSize);
  EXPECT_THROW(std::vector<char>{}.reserve(kSize), std::bad_alloc);
  EXPECT_TRUE(AllocationFailed());
}

TEST_P(Corpus, MutantsAreReproducible) {
  const std::string seed = GetParam().seeds().front();
  Random a(5), b(5), c(6);
  const std::string mutant = Mutate(seed, a);
  EXPECT_EQ(mutant, Mutate(seed, b));
  EXPECT_NE(mutant, Mutate(seed, c));
}

INSTANTIATE_TEST_SUITE_P(Formats, Corpus,
                         ::testing::ValuesIn(FuzzedFormats().begin(), FuzzedFormats().end()),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace gan::core::fuzz
