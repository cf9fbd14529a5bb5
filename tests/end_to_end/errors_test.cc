// What goes wrong ends in one clear line, the right exit code and no file.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>

#include "formats/npy.h"
#include "formats/safetensors.h"
#include "formats/testing/onnx_writer.h"
#include "media/picture.h"
#include "models/model.h"
#include "models/pair.h"
#include "program.h"

namespace gan::testing {
namespace {

using Words = std::vector<std::string>;

class Errors : public ::testing::Test {
 protected:
  void SetUp() override {
    WriteModel(model_);
    core::WritePicture(picture_, core::Tensor::Zeros(core::DType::kF32, {3, 16, 16}), {});
    core::WriteNpy(numbers_, core::Tensor::Zeros(core::DType::kF32, {1, 3, 8, 8}));
    before_ = folder_.files();
  }
  // No file more, none less.
  void TearDown() override { EXPECT_EQ(folder_.files(), before_); }

  Outcome Enlarge(const std::string& picture, const std::string& out) {
    return RunGan({"upscale", picture, "-m", model_, "-o", out});
  }

  // A file of the folder that is part of the setting, not of what the program left.
  std::string Given(const std::string& name, const std::string& bytes) {
    WriteAll(folder_ / name, bytes);
    before_ = folder_.files();
    return folder_ / name;
  }

  Folder folder_;
  std::string model_ = folder_ / "m.safetensors";
  std::string picture_ = folder_ / "p.png";
  std::string numbers_ = folder_ / "x.npy";
  std::string out_ = folder_ / "out.png";
  Words before_;
};

TEST_F(Errors, Usage) {
  for (const Words& words : {Words{},
                             {"enlarge"},
                             {"upscale"},
                             {"upscale", picture_},
                             {"upscale", "-m", model_},
                             {"inspect", model_, "--tile", "3"},
                             {"upscale", picture_, "-m", model_, "--scale", "many"},
                             {"upscale", picture_, "-m", model_, "--scale", "2", "--width", "9"},
                             {"upscale", picture_, "-m", model_, "--tile", "1"},
                             {"upscale", picture_, "-m", model_, "--quality", "101"},
                             {"upscale", picture_, "-m", model_, "-o", folder_ / "out.bmp"},
                             {"upscale", picture_, "-m", model_, "-o", picture_},
                             {"convert", model_, folder_ / "y.pth"},
                             {"completion", "tcsh"},
                             {"doctor", "--cpu-target", "mmx"},
                             {"doctor", "--threads", "0"},
                             {"bench", "--network", "nothing"}}) {
    SCOPED_TRACE(::testing::PrintToString(words));
    ExpectOneLine(RunGan(words), 64);
  }
  RunOptions environment;
  environment.environment = {"GAN_CPU_TARGET=mmx"};
  ExpectOneLine(RunGan({"doctor"}, environment), 64);
}

// Networks of other kinds than the command is for, and files that promise what they do not hold.
TEST_F(Errors, OtherNetworks) {
  const core::Model translator = core::BuildRandom("cyclegan", {{"ngf", 2}, {"n_blocks", 1}}, 1);
  const std::string cycle = Given("cycle.safetensors", "");
  core::WriteSafetensors(cycle, translator.parameters, {});
  ExpectOneLine(RunGan({"translate", picture_, "-m", model_, "-o", out_}), 64);  // it enlarges
  ExpectOneLine(RunGan({"translate", picture_, "-m", cycle, "--tile", "64", "-o", out_}), 64);
  ExpectOneLine(RunGan({"translate", picture_, "-m", cycle, "--dropout", "-o", out_}), 64);
  ExpectOneLine(RunGan({"translate", picture_, "-m", cycle, "--seed", "1", "-o", out_}), 64);
  ExpectOneLine(RunGan({"run", cycle, "--in", numbers_, "--truncation", "0.5", "--out", out_}), 64);
  ExpectOneLine(RunGan({"sample", "-m", cycle, "-o", out_}), 64);
  const std::string onnx =
      Given("m.onnx", std::string("\x08\x07\x12\x04test\x3a\x03\x0a\x01\x08", 13));
  ExpectOneLine(RunGan({"run", onnx, "--in", numbers_, "--out", out_}), 65);
  ExpectOneLine(RunGan({"run", model_ + ":0.5," + cycle + ":0.5", "--in", numbers_, "--out", out_}),
                65);
}

// Each says what the file is.
TEST_F(Errors, FilesThatAreNoGenerators) {
  const auto expect = [&](const std::string& path, const std::string& part) {
    SCOPED_TRACE(part);
    for (const Outcome& outcome : {RunGan({"sample", "-m", path, "-o", out_}),
                                   RunGan({"run", path, "--in", numbers_, "--out", out_})}) {
      ExpectOneLine(outcome, 65);
      EXPECT_NE(outcome.err.find(part), std::string::npos) << outcome.err;
    }
  };
  const core::Pair pair = core::BuildPair({.size = 16, .discriminator_width = 2});
  core::NamedTensors judge;
  for (const core::Value& value : pair.discriminator.values) {
    if (value.kind != core::ValueKind::kParameter) continue;
    judge.Add(value.name, core::Tensor::Zeros(core::DType::kF32, core::Evaluate(value.shape, {})));
  }
  const std::string critic = Given("critic.safetensors", "");
  core::WriteSafetensors(critic, judge, {});
  expect(critic, "holds a discriminator");
  expect(Given("evil.pkl",
               "\x80\x02"
               "cevil.place\nTrojan\n)\x81}b."),
         "evil.place.Trojan");

  core::testing::OnnxWriter unknown, loose, linked;
  unknown.Input("x", {1, 3, -1, -1}).Node("Einsum", {"x"}, "y").Output("y");
  expect(Given("unknown.onnx", unknown.Finish()), "node \"the_y\" (Einsum)");
  loose.Input("x", {1, 3, -1, -1}).External("w", 3, "../w.bin").Node("PRelu", {"x", "w"}, "y");
  expect(Given("loose.onnx", loose.Output("y").Finish()), "a plain file beside the model");
  linked.Input("x", {1, 3, -1, -1}).External("w", 3, "link.bin").Node("PRelu", {"x", "w"}, "y");
  std::filesystem::create_symlink(numbers_, folder_ / "link.bin");
  expect(Given("linked.onnx", linked.Output("y").Finish()), "a plain file beside the model");
}

TEST_F(Errors, NumbersAndClassesThatDoNotFit) {
  const core::Model digits =
      core::BuildRandom("dcgan", {{"size", 16}, {"width", 2}, {"latent", 5}, {"classes", 3}}, 1);
  const std::string model = Given("digits.safetensors", "");
  core::WriteSafetensors(model, digits.parameters, {});
  const std::string latents = folder_ / "z.npy", five = folder_ / "five.npy";
  const std::string labels = folder_ / "labels.npy";
  core::WriteNpy(latents, core::Tensor::Zeros(core::DType::kF32, {2, 4}));
  core::WriteNpy(five, core::Tensor::Zeros(core::DType::kF32, {2, 5}));
  core::WriteNpy(labels, core::Tensor::FromFloats({2}, std::vector<float>{1, 3}));
  before_ = folder_.files();
  ExpectOneLine(RunGan({"sample", "-m", model, "-z", latents, "-o", out_}), 65);
  ExpectOneLine(RunGan({"run", model, "--in", latents, "--labels", labels, "--out", out_}), 65);
  ExpectOneLine(RunGan({"run", model, "--in", five, "--labels", labels, "--out", out_}), 65);
  ExpectOneLine(RunGan({"run", model, "--in", five, "--out", out_}), 64);
  for (const char* none : {"3", "-1", "horse"}) {
    SCOPED_TRACE(none);
    ExpectOneLine(RunGan({"sample", "-m", model, "--class", none, "-o", out_}), 64);
  }
}

TEST_F(Errors, MissingFiles) {
  ExpectOneLine(Enlarge(folder_ / "none.png", out_), 66);
  ExpectOneLine(RunGan({"upscale", picture_, "-m", "no-such-model", "-o", out_}), 66);
  ExpectOneLine(RunGan({"inspect", folder_ / "none.pth"}), 66);
  ExpectOneLine(RunGan({"convert", folder_ / "none.pth", folder_ / "y.safetensors"}), 66);
  ExpectOneLine(RunGan({"run", model_, "--in", folder_ / "none.npy", "--out", out_}), 66);
  ExpectOneLine(RunGan({"upscale", folder_ / "*.jpg", "-m", model_}), 66);
}

TEST_F(Errors, UnknownAndBrokenCheckpoints) {
  const std::string text = Given("text.pth", "these are just words\n");
  const std::string gzip = Given("a.pth", "\x1f\x8b\x08 and so on");
  const std::string empty = Given("empty.pth", "");
  const std::string whole = ReadAll(model_);
  const std::string half = Given("half.safetensors", whole.substr(0, whole.size() / 2));
  for (const std::string& path : {text, gzip, empty, half, picture_, numbers_}) {
    SCOPED_TRACE(path);
    ExpectOneLine(RunGan({"inspect", path}), 65);
    ExpectOneLine(RunGan({"upscale", picture_, "-m", path, "-o", out_}), 65);
    ExpectOneLine(RunGan({"convert", path, folder_ / "y.safetensors"}), 65);
  }
  EXPECT_NE(RunGan({"inspect", gzip}).err.find("gzip"), std::string::npos);
}

TEST_F(Errors, UnknownAndBrokenPictures) {
  const std::string whole = ReadAll(picture_);
  const std::string half = Given("half.png", whole.substr(0, whole.size() - 30));
  const std::string text = Given("words.png", "these are just words\n");
  const std::string gif = Given("a.png", "GIF89a..............");
  for (const std::string& path : {half, text, gif, model_}) {
    SCOPED_TRACE(path);
    ExpectOneLine(Enlarge(path, out_), 65);
  }
}

TEST_F(Errors, WrongShapes) {
  const std::string four = folder_ / "four.npy";
  core::WriteNpy(four, core::Tensor::Zeros(core::DType::kF32, {1, 4, 8, 8}));
  const std::string flat = folder_ / "flat.npy";
  core::WriteNpy(flat, core::Tensor::Zeros(core::DType::kF32, {3, 8, 8}));
  before_ = folder_.files();
  ExpectOneLine(RunGan({"run", model_, "--in", four, "--out", folder_ / "y.npy"}), 65);
  ExpectOneLine(RunGan({"run", model_, "--in", flat, "--out", folder_ / "y.npy"}), 65);
}

TEST_F(Errors, AbsurdSizes) {
  // A PNG whose header promises 2^31-1 x 2^31-1 pixels.
  std::string bomb = ReadAll(picture_);
  bomb.replace(16, 8, std::string("\x7f\xff\xff\xff\x7f\xff\xff\xff", 8));
  ExpectOneLine(Enlarge(Given("bomb.png", bomb), out_), 65);
  // An array that promises more numbers than there are.
  std::string npy = ReadAll(numbers_);
  const size_t at = npy.find("(1,3,8,8,)");
  ASSERT_NE(at, std::string::npos);
  npy.replace(at, 10, "(9999999,)");
  ExpectOneLine(RunGan({"run", model_, "--in", Given("big.npy", npy), "--out", folder_ / "y.npy"}),
                65);
  // Sizes that no format or memory holds.
  ExpectOneLine(
      RunGan({"upscale", picture_, "-m", model_, "-o", folder_ / "out.webp", "--width", "999999"}),
      64);
  const Outcome small =
      RunGan({"upscale", picture_, "-m", model_, "-o", out_, "--max-memory", "1M"});
  ExpectOneLine(small, 64);
}

TEST_F(Errors, FoldersThatCannotBeWritten) {
  for (const char* out : {"/proc/out.png", "/proc/none/out.png"}) {
    SCOPED_TRACE(out);
    ExpectOneLine(Enlarge(picture_, out), 73);
  }
  ExpectOneLine(RunGan({"run", model_, "--in", numbers_, "--out", "/proc/y.npy"}), 73);
  ExpectOneLine(RunGan({"convert", model_, "/proc/y.safetensors"}), 73);
}

TEST_F(Errors, FullDisk) {
  RunOptions limited;
  limited.file_limit = 512;  // every file, so the program sees what a full disk shows
  ExpectOneLine(RunGan({"run", model_, "--in", numbers_, "--out", folder_ / "y.npy"}, limited), 74);
  ExpectOneLine(RunGan({"convert", model_, folder_ / "y.safetensors"}, limited), 74);
  core::WritePicture(folder_ / "noise.png", core::Tensor::Zeros(core::DType::kF32, {3, 200, 200}),
                     {});
  before_ = folder_.files();
  ExpectOneLine(RunGan({"upscale", folder_ / "noise.png", "-m", model_, "-o", folder_ / "out.tif",
                        "--tiff-compression", "none"},
                       limited),
                74);

  ExpectOneLine(RunGan({"run", model_, "--in", numbers_, "--out", "/dev/full"}), 74);
  RunOptions full;
  full.standard_output = "/dev/full";
  ExpectOneLine(RunGan({"inspect", model_}, full), 74);
  ExpectOneLine(RunGan({"--help"}, full), 74);
}

// A file system of 64 KB, where we may make one.
TEST_F(Errors, FullFileSystemLeavesTheOldFileWhole) {
  const Folder mount_point;
  if (mount("none", mount_point.path().c_str(), "tmpfs", 0, "size=64k") != 0) {
    GTEST_SKIP() << "needs the right to mount a file system";
  }
  const std::string out = mount_point / "out.tif";
  WriteAll(out, "old");
  core::WritePicture(folder_ / "big.png", core::Tensor::Zeros(core::DType::kF32, {3, 300, 300}),
                     {});
  before_ = folder_.files();
  ExpectOneLine(RunGan({"upscale", folder_ / "big.png", "-m", model_, "-o", out,
                        "--tiff-compression", "none"}),
                74);
  EXPECT_EQ(ReadAll(out), "old");
  EXPECT_EQ(mount_point.files(), Words{"out.tif"});
  umount(mount_point.path().c_str());
}

TEST_F(Errors, CtrlCLeavesNothing) {
  core::WritePicture(folder_ / "large.png", core::Tensor::Zeros(core::DType::kF32, {3, 900, 900}),
                     {});
  before_ = folder_.files();
  for (const int times : {1, 2}) {
    SCOPED_TRACE(times);
    RunOptions options;
    options.interrupt_when_busy = folder_.path();
    options.interrupts = times;
    const Outcome outcome = RunGan({"upscale", folder_ / "large.png", "-m", model_, "-o", out_,
                                    "--tile", "64", "--threads", "1", "--cpu-target", "reference"},
                                   options);
    EXPECT_EQ(outcome.code, 130) << outcome.err;
    EXPECT_EQ(outcome.signal, 0);
    EXPECT_EQ(folder_.files(), before_);
  }
}

}  // namespace
}  // namespace gan::testing
