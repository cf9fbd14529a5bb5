#include "gan/model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "api/testing_files.h"
#include "gan/bench.h"
#include "gan/checkpoint.h"
#include "gan/error.h"

namespace gan {
namespace {

using testing::TemporaryFolder;
using testing::WriteCompact;

Array Ramp(int64_t height, int64_t width) {
  Array array{{1, 3, height, width}, {}};
  for (int64_t i = 0; i < 3 * height * width; ++i) {
    array.values.push_back(static_cast<float>(i % 97) / 97);
  }
  return array;
}

template <class Call>
ErrorCode CodeOf(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode{};
}

TEST(Model, RunsAndDescribesItself) {
  const TemporaryFolder folder;
  const Model model = Model::Load(WriteCompact(folder / "x.safetensors"));
  EXPECT_EQ(model.info().family, "compact");
  EXPECT_EQ(model.info().in_channels, 3);
  EXPECT_EQ(model.info().geometry.scale_num, 2);
  EXPECT_EQ(model.info().geometry.reach, 4);  // four convolutions of 3 x 3
  EXPECT_FALSE(model.target().empty());
  // 3*8*9+8 + 8 slopes, twice 8*8*9+8 and slopes, and 8*12*9+12.
  EXPECT_EQ(model.info().parameters, 224 + 8 + 2 * (584 + 8) + 876);
  EXPECT_NEAR(model.info().multiply_adds_per_pixel, 27 * 8 + 2 * 72 * 8 + 72 * 12, 40);

  const Array output = model.Run(Ramp(5, 7));
  EXPECT_EQ(output.shape, (std::vector<int64_t>{1, 3, 10, 14}));
  EXPECT_EQ(output.values.size(), 3u * 10 * 14);
}

TEST(Model, SameBytesForAnyThreads) {
  const TemporaryFolder folder;
  const std::string path = WriteCompact(folder / "x.safetensors");
  const Array one = Model::Load(path, {.threads = 1}).Run(Ramp(33, 20));
  for (const int threads : {2, 3, 8}) {
    EXPECT_EQ(Model::Load(path, {.threads = threads}).Run(Ramp(33, 20)).values, one.values);
  }
}

TEST(Model, RefusesOtherShapes) {
  const TemporaryFolder folder;
  const Model model = Model::Load(WriteCompact(folder / "x.safetensors"));
  EXPECT_EQ(CodeOf([&] {
              model.Run({{1, 4, 2, 2}, std::vector<float>(16)});
            }),
            ErrorCode::kBadData);
  EXPECT_EQ(CodeOf([&] { model.Run({{3, 2, 2}, std::vector<float>(12)}); }), ErrorCode::kBadData);
  EXPECT_EQ(CodeOf([&] {
              model.Run({{1, 3, 2, 2}, std::vector<float>(11)});
            }),
            ErrorCode::kBadData);
}

TEST(Model, ResultsThatAreNotFiniteAreErrors) {
  const TemporaryFolder folder;
  const Model model = Model::Load(WriteCompact(folder / "x.safetensors"));
  Array input = Ramp(4, 4);
  input.values[5] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(CodeOf([&] { model.Run(input); }), ErrorCode::kInternal);
}

TEST(Model, KeepsToItsMemory) {
  const TemporaryFolder folder;
  const Model model = Model::Load(WriteCompact(folder / "x.safetensors"), {.max_memory = 100'000});
  EXPECT_GT(model.PlanFor(512, 512).total(), 100'000u);
  EXPECT_EQ(CodeOf([&] { model.Run(Ramp(512, 512)); }), ErrorCode::kConfiguration);
}

TEST(Model, RandomIsTheSameForTheSameSeed) {
  const std::map<std::string, int64_t> sizes = {{"num_feat", 8}, {"num_conv", 1}};
  const Array a = Model::Random("compact", sizes, 1).Run(Ramp(4, 4));
  EXPECT_EQ(Model::Random("compact", sizes, 1).Run(Ramp(4, 4)).values, a.values);
  EXPECT_NE(Model::Random("compact", sizes, 2).Run(Ramp(4, 4)).values, a.values);
  EXPECT_EQ(CodeOf([] { Model::Random("nothing"); }), ErrorCode::kUsage);
}

TEST(Checkpoint, InspectsGeneratorsAndOthers) {
  const TemporaryFolder folder;
  const Inspection known =
      Inspect(WriteCompact(folder / "x.safetensors"), {.width = 64, .height = 32, .graph = true});
  ASSERT_TRUE(known.model.has_value());
  EXPECT_EQ(known.format, "safetensors");
  EXPECT_EQ(known.plan->width, 64);
  EXPECT_GT(known.plan->total(), 0u);
  EXPECT_NE(known.graph.find("pixel_shuffle"), std::string::npos);

  core::NamedTensors tensors;
  tensors.Add("layer.weight", core::Tensor::Zeros(core::DType::kF16, {2, 2}));
  core::WriteSafetensors(folder / "y.safetensors", tensors);
  const Inspection other = Inspect(folder / "y.safetensors");
  EXPECT_FALSE(other.model.has_value());
  EXPECT_NE(other.why_no_model.find("compact"), std::string::npos) << other.why_no_model;
  ASSERT_EQ(other.tensors.size(), 1u);
  EXPECT_EQ(other.tensors[0].dtype, "f16");
  EXPECT_EQ(CodeOf([&] { Model::Load(folder / "y.safetensors"); }), ErrorCode::kBadData);
}

TEST(Checkpoint, ConvertsToTheSameBytes) {
  const TemporaryFolder folder;
  const std::string from = WriteCompact(folder / "x.safetensors");
  const Conversion first = Convert(from, folder / "a.safetensors");
  Convert(folder / "a.safetensors", folder / "b.safetensors");
  EXPECT_EQ(first.bytes, std::filesystem::file_size(folder / "b.safetensors"));
  EXPECT_EQ(Model::Load(from).Run(Ramp(4, 4)).values,
            Model::Load(folder / "b.safetensors").Run(Ramp(4, 4)).values);
  EXPECT_EQ(CodeOf([&] { Convert(from, folder / "c.pth"); }), ErrorCode::kUsage);
  EXPECT_EQ(CodeOf([&] { Convert(folder / "none.pth", folder / "c.safetensors"); }),
            ErrorCode::kNoInput);
  EXPECT_FALSE(std::filesystem::exists(folder / "c.safetensors"));
}

TEST(Bench, VerifiesAndCounts) {
  BenchOptions options;
  options.network = "compact";
  options.sizes = {{"num_feat", 8}, {"num_conv", 1}};
  options.width = 24;
  options.height = 16;
  options.runs = 3;
  double last = 0;
  const BenchResult result =
      Bench(options, {.threads = 2}, {}, [&](double share) { last = share; });
  EXPECT_EQ(result.seconds.size(), 3u);
  EXPECT_LE(result.best, result.median);
  EXPECT_EQ(result.threads, 2);
  EXPECT_EQ(result.width, 24);
  EXPECT_DOUBLE_EQ(result.gflops, 2 * result.multiply_adds / result.median / 1e9);
  EXPECT_DOUBLE_EQ(last, 1);

  CancelFlag cancel;
  cancel.Cancel();
  EXPECT_EQ(CodeOf([&] { Bench(options, {}, {}, {}, &cancel); }), ErrorCode::kInterrupted);
}

}  // namespace
}  // namespace gan
