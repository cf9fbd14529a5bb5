#include "formats/checkpoint.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/random.h"
#include "formats/safetensors.h"
#include "formats/testing/torch_writer.h"
#include "gan/error.h"

namespace gan::core {
namespace {

const std::filesystem::path kShared = GAN_SHARED_DIR;

void ExpectSameTensors(const Checkpoint& a, const Checkpoint& b, std::string_view prefix = "") {
  ASSERT_EQ(a.tensors.size(), b.tensors.size());
  for (const auto& [name, tensor] : a.tensors) {
    ASSERT_TRUE(name.starts_with(prefix)) << name;
    const Tensor* other = b.tensors.Find(name.substr(prefix.size()));
    ASSERT_NE(other, nullptr) << name;
    EXPECT_EQ(tensor.dtype(), other->dtype());
    EXPECT_EQ(tensor.shape(), other->shape());
    EXPECT_TRUE(std::ranges::equal(tensor.raw(), other->raw())) << name;
  }
}

TEST(Checkpoint, ReadsOneModelFromThreeEncodings) {
  const auto folder = kShared / "weights/realesr-animevideov3";
  if (!std::filesystem::exists(folder)) {
    GTEST_SKIP() << "needs ../shared/weights/realesr-animevideov3, which is not here";
  }
  const Checkpoint stored = ReadCheckpoint(folder / "realesr-animevideov3.pth");
  const Checkpoint deflated = ReadCheckpoint(folder / "realesr-animevideov3-rezipped-deflate.pth");
  const Checkpoint safe = ReadCheckpoint(folder / "realesr-animevideov3.safetensors");
  EXPECT_EQ(stored.format, "PyTorch zip");
  EXPECT_EQ(safe.format, "safetensors");
  EXPECT_EQ(stored.tensors.size(), 53u);
  ExpectSameTensors(stored, deflated);
  ExpectSameTensors(stored, safe, "params.");
}

NamedTensors RandomTensors() {
  NamedTensors tensors;
  Random random(5);
  for (int64_t i = 0; i < 40; ++i) {
    Tensor tensor(DType::kF32, {1 + i % 7, 3, 3 + i});
    random.FillNormal(tensor.floats(), 1);
    tensors.Add(fmt::format("layer{}.weight", i), tensor);
  }
  return tensors;
}

Checkpoint ReadBytes(const std::string& bytes, ThreadPool* pool) {
  return ReadCheckpoint(MemorySource("test", std::as_bytes(std::span(bytes))), {.pool = pool});
}

TEST(Checkpoint, ThreadsReadTheSame) {
  const NamedTensors tensors = RandomTensors();
  std::vector<std::string> files;
  const std::vector<testing::TorchWriteOptions> variants = {
      {}, {.deflate = true}, {.share_storage = true}, {.transposed = true}, {.big_endian = true}};
  for (const testing::TorchWriteOptions& options : variants) {
    files.push_back(testing::TorchBytes(tensors, options));
  }
  const SafetensorsLayout layout = LayOutSafetensors("test", tensors, {});
  files.push_back(layout.head);
  for (const std::span<const std::byte> data : layout.data) {
    files.back().append(reinterpret_cast<const char*>(data.data()), data.size());
  }
  ThreadPool pool(3);
  for (const std::string& file : files) {
    const Checkpoint alone = ReadBytes(file, nullptr);
    EXPECT_EQ(alone.tensors.size(), 40u);
    ExpectSameTensors(ReadBytes(file, &pool), alone);
  }
}

TEST(Checkpoint, ThreadsSeeWhatIsBroken) {
  NamedTensors tensors = RandomTensors();
  std::string file = testing::TorchBytes(tensors);
  ThreadPool pool(3);
  // A bit of the last tensor's data: the archive's checksum tells.
  const Tensor& last = tensors.At("layer39.weight");
  const std::string data(reinterpret_cast<const char*>(last.raw().data()), last.bytes());
  file[file.find(data)] ^= 1;
  EXPECT_THROW(ReadBytes(file, &pool), Error);
  Tensor(tensors.At("layer20.weight")).floats()[3] = NAN;
  EXPECT_THROW(ReadBytes(testing::TorchBytes(tensors), &pool), Error);
}

// name of the folder in ../shared/reference, format, tensors, one of them and its shape.
struct Reference {
  const char* file;
  const char* format;
  size_t tensors;
  const char* name;
  Shape shape;
};

TEST(Checkpoint, ReadsReferenceModels) {
  if (!std::filesystem::exists(kShared / "reference")) {
    GTEST_SKIP() << "needs ../shared/reference, which is not here";
  }
  const Reference references[] = {
      {"reference/esrgan-old-x4/model.pth", "PyTorch legacy", 72, "conv_first.weight",
       Shape{32, 3, 3, 3}},
      {"reference/esrgan-new-x4/model.pth", "PyTorch zip", 72, "params_ema.conv_first.weight",
       Shape{32, 3, 3, 3}},
      {"reference/compact-x4/model.pth", "PyTorch zip", 17, "params.body.0.weight",
       Shape{32, 3, 3, 3}},
      {"reference/cyclegan-resnet/model.pth", "PyTorch legacy", 36, "model.1.weight",
       Shape{16, 3, 7, 7}},
      {"weights/swift-srgan/swift_srgan_2x.pth.tar", "PyTorch zip", 602,
       "model.initial.cnn.depthwise.weight", Shape{3, 1, 9, 9}},
      {"formats/torchscript/tch-rs/foo.pt", "TorchScript", 1, "value", Shape{1}},
  };
  for (const Reference& reference : references) {
    const Checkpoint checkpoint = ReadCheckpoint(kShared / reference.file);
    EXPECT_EQ(checkpoint.format, reference.format);
    EXPECT_EQ(checkpoint.tensors.size(), reference.tensors) << reference.file;
    EXPECT_EQ(checkpoint.tensors.At(reference.name).shape(), reference.shape);
  }
}

TEST(Checkpoint, ReadsWholePickledModules) {
  const auto path = kShared / "weights/cyclegan-apple2orange-akanametov/generatorAB_e20.pt";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "needs " << path << ", which is not here";
  const Checkpoint got = ReadCheckpoint(path);
  EXPECT_EQ(got.modules.at("").type, "model.Generator");
  EXPECT_EQ(got.modules.at("DownStage.block0.conv").Text("padding_mode"), "reflect");
  EXPECT_EQ(got.tensors.At("ResStage.block8.conv_in.conv.weight").shape(), (Shape{64, 64, 3, 3}));
}

TEST(Checkpoint, ReadsNetworksOfPickledStorages) {
  const auto path = kShared / "reference/stylegan2-pkl/model.pkl";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "needs " << path << ", which is not here";
  const Checkpoint got = ReadCheckpoint(path);
  EXPECT_EQ(got.format, "Python pickle");
  EXPECT_EQ(got.modules.at("G_ema.synthesis.b8.conv0").Number("conv_clamp"), 256);
  EXPECT_EQ(got.tensors.At("G_ema.mapping.w_avg").shape(), Shape{64});
}

TEST(Checkpoint, SurvivesEveryHostileFile) {
  const auto folder = kShared / "formats";
  if (!std::filesystem::exists(folder))
    GTEST_SKIP() << "needs ../shared/formats, which is not here";
  size_t read = 0, refused = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (!file.is_regular_file()) continue;
    try {
      ReadCheckpoint(file.path());
      ++read;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadData) << error.what();
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
      ++refused;
    }
  }
  EXPECT_EQ(read, 2u);  // pytorch_model.bin and foo.pt
  EXPECT_GT(refused, 100u);
}

}  // namespace
}  // namespace gan::core
