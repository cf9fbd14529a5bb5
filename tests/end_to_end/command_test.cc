// The command line itself: help, documents, completion, start-up, JSON.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include "media/picture.h"
#include "program.h"

namespace gan::testing {
namespace {

using Words = std::vector<std::string>;

const Words kCommands = {"upscale", "translate", "sample", "latent", "train",  "eval",      "data",
                         "inspect", "convert",   "run",    "bench",  "doctor", "completion"};
// Below others, whose help docs/cli.md holds as well.
const Words kBelow = {"latent directions", "latent edit", "latent project"};

// The words of `command` and what follows.
Words WordsOf(const std::string& command, const std::string& last) {
  std::istringstream in(command);
  Words words{std::istream_iterator<std::string>(in), {}};
  words.push_back(last);
  return words;
}

TEST(Command, HelpIsThereForAll) {
  const Outcome all = RunGan({"--help"});
  EXPECT_EQ(all.code, 0);
  for (const std::string& command : kCommands) {
    EXPECT_NE(all.out.find("  " + command), std::string::npos) << command;
    const Outcome help = RunGan({command, "--help"});
    EXPECT_EQ(help.code, 0);
    EXPECT_EQ(help.err, "");
    EXPECT_NE(help.out.find("Examples:\n  gan " + command), std::string::npos) << help.out;
    std::istringstream lines(help.out);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 120u) << line;
  }
}

// docs/cli.md holds the help of every command word for word. GAN_UPDATE_DOCS=1 rewrites it.
TEST(Command, DocumentHoldsTheHelp) {
  const std::string path = std::string(GAN_SOURCE_DIR) + "/docs/cli.md";
  const std::string text = ReadAll(path);
  std::string updated = text;
  Words commands = kCommands;
  commands.insert(commands.end(), kBelow.begin(), kBelow.end());
  for (const std::string& command : commands) {
    const std::string mark = "<!-- help of " + command + " -->\n```text\n";
    const size_t begin = updated.find(mark);
    ASSERT_NE(begin, std::string::npos) << "no help of " << command << " in " << path;
    const size_t from = begin + mark.size();
    const size_t end = updated.find("```\n", from);
    ASSERT_NE(end, std::string::npos);
    updated.replace(from, end - from, RunGan(WordsOf(command, "--help")).out);
  }
  if (std::getenv("GAN_UPDATE_DOCS") != nullptr && updated != text) WriteAll(path, updated);
  EXPECT_TRUE(updated == ReadAll(path))
      << "docs/cli.md is out of date: run this test again with GAN_UPDATE_DOCS=1";
}

TEST(Command, StartsInMilliseconds) {
  double best = 1;
  for (int i = 0; i < 10; ++i) {
    const Outcome outcome = RunGan({"--version"});
    EXPECT_EQ(outcome.code, 0);
    EXPECT_EQ(outcome.out.rfind("gan ", 0), 0u) << outcome.out;
    best = std::min(best, outcome.seconds);
  }
#ifdef NDEBUG
  EXPECT_LT(best, 0.25) << "libraries are loaded or set up that --version does not need";
#endif
}

TEST(Command, CompletionKnowsEveryCommandAndOption) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const Outcome outcome = RunGan({"completion", shell});
    ASSERT_EQ(outcome.code, 0);
    for (const std::string& command : kCommands) {
      EXPECT_NE(outcome.out.find(command), std::string::npos) << shell;
    }
    for (const char* option : {"skip-existing", "max-memory", "tensors"}) {
      EXPECT_NE(outcome.out.find(option), std::string::npos) << shell;
    }
    EXPECT_NE(outcome.out.find("auto exact off"), std::string::npos) << shell;
  }
}

TEST(Command, BashTakesTheCompletion) {
  const Folder folder;
  WriteAll(
      folder / "gan.bash",
      RunGan({"completion", "bash"}).out +
          "COMP_WORDS=(gan upscale --tile e); COMP_CWORD=3; _gan; echo \"${COMPREPLY[*]}\"\n"
          "COMP_WORDS=(gan ups); COMP_CWORD=1; _gan; echo \"${COMPREPLY[*]}\"\n"
          "COMP_WORDS=(gan inspect --te); COMP_CWORD=2; _gan; echo \"${COMPREPLY[*]}\"\n"
          "COMP_WORDS=(gan latent p); COMP_CWORD=2; _gan; echo \"${COMPREPLY[*]}\"\n"
          "COMP_WORDS=(gan latent edit --mov); COMP_CWORD=3; _gan; echo \"${COMPREPLY[*]}\"\n");
  const std::string command = "bash " + (folder / "gan.bash") + " > " + (folder / "out") + " 2>&1";
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(ReadAll(folder / "out"), "exact\nupscale\n--tensors\nproject\n--move\n");
}

TEST(Command, JsonIsOneObjectALine) {
  const Folder folder;
  const std::string model = WriteModel(folder / "m.safetensors");
  for (const Words& words : {Words{"inspect", model, "--tensors", "--size", "64x48"},
                             {"doctor"},
                             {"bench", "-m", model, "--size", "32", "--runs", "2"},
                             {"convert", model, folder / "y.safetensors"}}) {
    Words arguments = words;
    arguments.push_back("--json");
    const Outcome outcome = RunGan(arguments);
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    std::istringstream lines(outcome.out);
    size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
      EXPECT_TRUE(nlohmann::json::parse(line).is_object());
    }
    EXPECT_GE(count, 1u);
  }
}

// Most of these weights are packed anew: both forms at once would be twice the plan.
TEST(Command, ANetworkTakesTheMemoryThatWasPlanned) {
  if (GAN_SANITIZED != 0) GTEST_SKIP() << "a sanitized program takes more";
  const Outcome outcome =
      RunGan({"bench", "--network", "pix2pix", "--size", "256", "--runs", "1", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const nlohmann::json bench =
      nlohmann::json::parse(outcome.out.substr(outcome.out.rfind("{\"event\"")));
  const double taken = bench["peak_memory"].get<double>() - bench["program_memory"].get<double>();
  const double planned = bench["plan"]["total"];
  EXPECT_GT(taken, 0.95 * planned);
  EXPECT_LT(taken, 1.05 * planned);
}

TEST(Command, AConvertedModelMakesTheSamePicture) {
  const Folder folder;
  const std::string model = WriteModel(folder / "m.safetensors"), onnx = folder / "m.onnx";
  const Outcome converted = RunGan({"convert", model, onnx});
  ASSERT_EQ(converted.code, 0) << converted.err;
  EXPECT_NE(converted.out.find("m.onnx  11 tensors"), std::string::npos) << converted.out;
  core::Tensor picture(core::DType::kF32, {3, 9, 14});
  for (size_t i = 0; i < picture.floats().size(); ++i) {
    picture.floats()[i] = static_cast<float>(i % 37) / 37;
  }
  core::WritePicture(folder / "in.png", picture, {});
  ASSERT_EQ(RunGan({"upscale", "-m", model, folder / "in.png", "-o", folder / "a.png"}).code, 0);
  ASSERT_EQ(RunGan({"upscale", "-m", onnx, folder / "in.png", "-o", folder / "b.png"}).code, 0);
  const core::Tensor a = core::ReadPicture(folder / "a.png");
  const core::Tensor b = core::ReadPicture(folder / "b.png");
  EXPECT_EQ(a.shape(), (core::Shape{3, 18, 28}));
  EXPECT_TRUE(std::ranges::equal(a.floats(), b.floats()));

  WriteAll(folder / "w.npy", "no checkpoint");
  ExpectOneLine(RunGan({"convert", folder / "w.npy", folder / "w.onnx"}), 65);
  EXPECT_FALSE(std::filesystem::exists(folder / "w.onnx"));
}

TEST(Command, ModelsGoByTheirName) {
  const Folder folder;
  WriteModel(folder / "tiny.safetensors");
  RunOptions options;
  options.environment = {"GAN_MODELS=" + folder.path().string()};
  EXPECT_EQ(RunGan({"inspect", "tiny"}, options).code, 0);
  const Outcome missing = RunGan({"inspect", "huge"}, options);
  ExpectOneLine(missing, 66);
  EXPECT_NE(missing.err.find("tiny.safetensors"), std::string::npos) << missing.err;
}

TEST(Command, InspectShowsWhatIsNoGenerator) {
  const std::string discriminator =
      "weights/cyclegan-apple2orange-akanametov/discriminatorA_e20.pt";
  GAN_NEEDS_SHARED(discriminator);
  const Outcome outcome = RunGan({"inspect", Shared(discriminator), "--json"});
  ASSERT_TRUE(outcome.code == 0 || outcome.code == 65) << outcome.err;
  if (outcome.code == 0) {
    EXPECT_TRUE(nlohmann::json::parse(outcome.out).contains("why_no_model"));
  }
}

TEST(Command, LoadsNoLibTorch) {
  const Folder folder;
  const std::string command = "ldd " GAN_PROGRAM " > " + (folder / "out") + " 2>&1";
  if (std::system(command.c_str()) != 0) GTEST_SKIP() << "needs ldd";
  EXPECT_EQ(ReadAll(folder / "out").find("torch"), std::string::npos);
}

TEST(Examples, DoWhatTheySay) {
  const Folder folder;
  const std::string model = WriteModel(folder / "m.safetensors");
  core::WritePicture(folder / "in.png", core::Tensor::Zeros(core::DType::kF32, {3, 5, 7}), {});
  const std::string quiet = " > " + (folder / "text") + " 2>&1";
  const std::string upscale = std::string(GAN_EXAMPLE_UPSCALE " ") + model + " " +
                              (folder / "in.png") + " " + (folder / "out.png");
  EXPECT_EQ(std::system((upscale + quiet).c_str()), 0) << ReadAll(folder / "text");
  EXPECT_EQ(core::PictureReader(folder / "out.png").info().width, 14);
  const std::string run = std::string(GAN_EXAMPLE_RUN " ") + model + " 8";
  EXPECT_EQ(std::system((run + quiet).c_str()), 0) << ReadAll(folder / "text");
  EXPECT_NE(ReadAll(folder / "text").find("output: 16 x 16"), std::string::npos);
  EXPECT_NE(std::system((std::string(GAN_EXAMPLE_RUN " no-such-model") + quiet).c_str()), 0);
  EXPECT_NE(ReadAll(folder / "text").find("no-such-model"), std::string::npos);
}

}  // namespace
}  // namespace gan::testing
