// `gan train` as a user meets it: what a run leaves, and how it says that something is wrong. The
// networks are tiny, so a run takes about a second.
#include <gtest/gtest.h>
#include <signal.h>

#include <cmath>
#include <random>

#include "formats/npy.h"
#include "media/picture.h"
#include "train_fixture.h"

namespace gan::testing {
namespace {

TEST(TrainWithoutLibTorch, IsRefusedInOneLine) {
  if (HasTraining()) GTEST_SKIP() << "this build can train";
  const Folder folder;
  WriteAll(folder / "tiny.toml", kTinyRecipe);
  const Outcome outcome = RunGan({"train", folder / "tiny.toml", "-o", folder / "run"});
  ExpectOneLine(outcome, 78);
  EXPECT_NE(outcome.err.find("GAN_TRAINING"), std::string::npos) << outcome.err;
}

// --- What a run leaves. ---

TEST_F(Train, LeavesEverythingOfTheRun) {
  Words arguments = NewRun("run");
  arguments.push_back("--json");
  const Outcome outcome = RunTrain(arguments);
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");

  std::vector<int64_t> checkpoints;
  int data = 0;
  for (const std::string& line : Lines(outcome.out)) {
    const Json event = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    ASSERT_TRUE(event.is_object() && event.contains("event")) << line;
    if (event["event"] == "checkpoint") checkpoints.push_back(event["images"]);
    if (event["event"] != "data") continue;
    ++data;
    EXPECT_EQ(event["pictures"], kClasses * kPerClass);
    EXPECT_EQ(event["classes"], Json({"left", "top"}));
  }
  EXPECT_EQ(data, 1);
  EXPECT_EQ(checkpoints, (std::vector<int64_t>{32, 64, 96, 128, 160}));

  for (const char* file : {"recipe.toml", "metrics.jsonl", "generator.safetensors"}) {
    EXPECT_GT(ReadAll(In("run", file)).size(), 0u) << file;
  }
  // Of the checkpoints the newest three stay.
  EXPECT_EQ(NamesIn("run", "checkpoints"),
            (Words{"000000096.safetensors", "000000128.safetensors", "000000160.safetensors"}));
  EXPECT_EQ(NamesIn("run", "samples"), (Words{"000000080.png", "000000160.png"}));
  int boards = 0;
  for (const std::string& file : folder_.files()) {
    boards += file.rfind("run/events.out.tfevents", 0) == 0;
    EXPECT_EQ(file.find(".part"), std::string::npos) << file;
  }
  EXPECT_EQ(boards, 1);

  const std::vector<Json> losses = Losses("run");
  ASSERT_EQ(losses.size(), 20u);
  for (size_t i = 0; i < losses.size(); ++i) {
    EXPECT_EQ(losses[i]["images"], static_cast<int64_t>(i + 1) * kBatch);
    EXPECT_TRUE(losses[i]["discriminator_loss"].is_number()) << losses[i];
    EXPECT_TRUE(losses[i]["generator_loss"].is_number()) << losses[i];
  }
}

TEST_F(Train, TheSameTwiceIsTheSameBytes) {
  ASSERT_NO_FATAL_FAILURE(ExpectDone(NewRun("a", {"train.images=32"})));
  ASSERT_NO_FATAL_FAILURE(ExpectDone(NewRun("b", {"train.images=32"})));
  ExpectSameBytes(In("a", "generator.safetensors"), In("b", "generator.safetensors"));
  ASSERT_NO_FATAL_FAILURE(ExpectDone(NewRun("c", {"train.images=32", "train.seed=6"})));
  EXPECT_NE(ReadAll(In("c", "generator.safetensors")), ReadAll(In("a", "generator.safetensors")));
}

TEST_F(Train, ItsRunCanBeSampled) {
  ASSERT_NO_FATAL_FAILURE(ExpectDone(NewRun("run", {"train.images=32"})));
  // Nothing of LibTorch is needed. (That of the build folder may still be found.)
  fs::create_directories(folder_ / "no-plugins");
  RunOptions options;
  options.environment = Environment({"GAN_PLUGIN_DIR=" + folder_ / "no-plugins"});
  for (const Words& which :
       {Words{"-m", folder_ / "run"}, Words{"-m", In("run", "generator.safetensors")},
        Words{"-m", folder_ / "run", "--class", "top"}}) {
    Words arguments = {"sample", "-n", "4", "-o", folder_ / "sheet.png"};
    arguments.insert(arguments.end(), which.begin(), which.end());
    const Outcome outcome = RunGan(arguments, options);
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const core::Tensor sheet = core::ReadPicture(folder_ / "sheet.png");
    EXPECT_GE(sheet.shape()[1], 16);
    EXPECT_GE(sheet.shape()[2], 16);
    fs::remove(folder_ / "sheet.png");
  }
  // A folder of labelled pictures is a data set again, with the same classes.
  const Outcome made =
      RunGan({"sample", "-m", folder_ / "run", "--class", "all", "-n", "6", "-o", folder_ / "made"},
             options);
  ASSERT_EQ(made.code, 0) << made.err;
  const Outcome seen = RunGan({"data", folder_ / "made", "--json"}, options);
  ASSERT_EQ(seen.code, 0) << seen.err;
  EXPECT_NE(seen.out.find("left"), std::string::npos) << seen.out;
  EXPECT_NE(seen.out.find("top"), std::string::npos) << seen.out;
}

// The engine that samples and the library that trains make the same pictures of the same latents.
TEST_F(Train, ItsGeneratorMakesTheSameWithoutLibTorch) {
  ASSERT_NO_FATAL_FAILURE(ExpectDone(NewRun("run")));
  core::Tensor z = core::Tensor::Zeros(core::DType::kF32, {6, 4});
  core::Tensor labels = core::Tensor::Zeros(core::DType::kF32, {6});
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  for (float& value : z.floats()) value = normal(random);
  for (size_t i = 0; i < 6; ++i) labels.floats()[i] = static_cast<float>(i % kClasses);
  core::WriteNpy(folder_ / "z.npy", z);
  core::WriteNpy(folder_ / "labels.npy", labels);
  for (const std::string device : {"cpu", "torch"}) {
    const Outcome outcome =
        RunGan({"run", In("run", "generator.safetensors"), "--in", folder_ / "z.npy", "--labels",
                folder_ / "labels.npy", "--out", folder_ / (device + ".npy"), "--device", device});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
  }
  const core::Tensor ours = core::ReadNpy(folder_ / "cpu.npy");
  const core::Tensor torch = core::ReadNpy(folder_ / "torch.npy");
  ASSERT_EQ(ours.shape(), torch.shape());
  EXPECT_EQ(ours.shape(), core::Shape({6, 1, 16, 16}));
  for (size_t i = 0; i < ours.floats().size(); ++i) {
    ASSERT_NEAR(ours.floats()[i], torch.floats()[i], 2e-4) << i;  // 1e-4 of the range
  }
}

TEST_F(Train, OneProcessInARunAtATime) {
  Background run(Command(NewRun("run", {"train.images=1_000_000"})), Environment());
  ASSERT_TRUE(run.WaitUntil([&] { return HasBegun("run"); })) << run.err();
  const std::string holder = "process " + std::to_string(run.pid());
  for (const Words& arguments : {Resume("run"), NewRun("run")}) {
    const Outcome outcome = RunTrain(arguments);
    ExpectOneLine(outcome, 75);
    EXPECT_NE(outcome.err.find(holder), std::string::npos) << outcome.err;
  }
  run.Signal(SIGKILL);
  run.Wait();
  // The lock went with its process; the run is there still.
  const Outcome again = RunTrain(NewRun("run"));
  ExpectOneLine(again, 73);
  EXPECT_NE(again.err.find("--resume"), std::string::npos) << again.err;
}

TEST_F(Train, RefusesAFolderThatHoldsSomething) {
  fs::create_directories(folder_ / "notes");
  WriteAll(folder_ / "notes/letter.txt", "dear");
  ExpectOneLine(RunTrain(NewRun("notes")), 73);
  EXPECT_EQ(ReadAll(folder_ / "notes/letter.txt"), "dear");
  EXPECT_FALSE(fs::exists(folder_ / "notes/recipe.toml"));

  ExpectOneLine(RunTrain(Resume("nowhere")), 66);
  EXPECT_FALSE(fs::exists(folder_ / "nowhere"));
}

// --- What cannot be trained. ---

class BadTraining : public Train {
 protected:
  // One line that has `part`, and no run.
  void ExpectRefused(const Words& arguments, int code, const std::string& part) const {
    SCOPED_TRACE(part);
    const Outcome outcome = RunTrain(arguments);
    ExpectOneLine(outcome, code);
    EXPECT_NE(outcome.err.find(part), std::string::npos) << outcome.err;
    EXPECT_FALSE(fs::exists(folder_ / "run"));
  }
  Words On(const std::string& data, const Words& set = {}) const {
    Words arguments = NewRun("run", set);
    arguments.insert(arguments.end(), {"--data", folder_ / data});
    return arguments;
  }
};

TEST_F(BadTraining, Recipes) {
  const std::string tiny = kTinyRecipe;
  WriteAll(recipe_, Replaced(tiny, "batch = 8", "batsh = 8"));
  ExpectRefused(NewRun("run"), 78, "did you mean \"train.batch\"?");
  WriteAll(recipe_, Replaced(tiny, "batch = 8", "batch = \"many\""));
  ExpectRefused(NewRun("run"), 78, "\"train.batch\" wants a whole number");
  WriteAll(recipe_, Replaced(tiny, "batch = 8", "batch = = 8"));
  ExpectRefused(NewRun("run"), 78, "this is not TOML");
  WriteAll(recipe_, tiny);
  ExpectRefused(NewRun("run", {"train.batch=many"}), 78, "\"train.batch\" wants a whole number");
  ExpectRefused(NewRun("run", {"network.family=vgg"}), 78, "\"network.family\" wants");
  ExpectRefused({folder_ / "missing.toml", "-o", folder_ / "run"}, 66, "missing.toml");
  ExpectRefused({}, 64, "--resume RUN");
}

TEST_F(BadTraining, Combinations) {
  ExpectRefused(NewRun("run", {"loss.adversarial=wasserstein"}), 78, "Lipschitz");
  ExpectRefused(
      NewRun("run", {"regularisers.gradient_penalty=10", "network.discriminator_norm=batch"}), 78,
      "depends on the whole batch");
}

TEST_F(BadTraining, Data) {
  ExpectRefused(On("nowhere"), 66, "is not there");

  for (int i = 0; i < 4; ++i) WriteGrey(folder_ / ("flat/" + std::to_string(i) + ".png"), 0, i);
  ExpectRefused(On("flat"), 65, "network.conditional wants classes");

  WriteGrey(folder_ / "one/only.png", 0, 0);
  ExpectRefused(On("one", {"network.conditional=false"}), 65, "has 1 picture,");

  fs::create_directories(folder_ / "broken");
  for (const char* name : {"broken/a.png", "broken/b.png"}) {
    WriteAll(folder_ / name, "\x89PNG\r\n\x1a\n and then nothing that makes sense");
  }
  ExpectRefused(On("broken", {"network.conditional=false"}), 65, "can be read");
}

TEST_F(Train, LeavesOutPicturesThatCannotBeRead) {
  WriteAll(folder_ / "data/left/torn.png", "\x89PNG\r\n\x1a\n torn");
  const Outcome outcome = RunTrain(NewRun("run", {"train.images=16"}));
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("torn.png"), std::string::npos) << outcome.out;
}

// --- The guard. ---

class Diverging : public Train {
 protected:
  // A parabola and steps that are far too long: not finite within a few of them, for certain.
  Words Rates(const Words& more) const {
    Words set = {"loss.adversarial=least-squares",  "network.norm=none",
                 "network.discriminator_norm=none", "generator.kind=sgd",
                 "discriminator.kind=sgd",          "generator.learning_rate=10",
                 "discriminator.learning_rate=10",  "train.images=1600",
                 "output.checkpoint_every=400"};
    set.insert(set.end(), more.begin(), more.end());
    return set;
  }
};

TEST_F(Diverging, IsStopped) {
  const Outcome outcome = RunTrain(NewRun("run", Rates({"guard.action=stop"})));
  EXPECT_EQ(outcome.signal, 0);
  EXPECT_EQ(outcome.code, 70) << outcome.err;
  EXPECT_NE(outcome.err.find("gan: guard: "), std::string::npos) << outcome.err;
  EXPECT_NE(ReadAll(In("run", "metrics.jsonl")).find("\"guard\""), std::string::npos);
}

TEST_F(Diverging, GoesBackAndGivesUpInTheEnd) {
  const Outcome outcome = RunTrain(
      NewRun("run", Rates({"guard.action=rollback", "guard.rollbacks=2", "guard.lower_rate=0.9"})));
  EXPECT_EQ(outcome.code, 70) << outcome.err;
  EXPECT_NE(outcome.err.find("guard: went back from"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("giving up"), std::string::npos) << outcome.err;
}

// --- Several processes. ---

class Processes : public Train {
 protected:
  Words Of(int rank, int port) const {
    return Environment({"RANK=" + std::to_string(rank), "WORLD_SIZE=2", "MASTER_ADDR=127.0.0.1",
                        "MASTER_PORT=" + std::to_string(port), "GAN_RENDEZVOUS_SECONDS=30"});
  }
  // Batch norm takes the figures of its own part of the batch; without it the sums are the same.
  Words Plain(const Words& more = {}) const {
    Words set = {"network.norm=none", "network.discriminator_norm=none"};
    set.insert(set.end(), more.begin(), more.end());
    return set;
  }
};

TEST_F(Processes, TwoTrainAsOneDoes) {
  ASSERT_NO_FATAL_FAILURE(ExpectDone(NewRun("one", Plain({"train.images=400"}))));
  const int port = FreePort();
  ASSERT_GT(port, 0);
  const Words command = Command(NewRun("two", Plain({"train.images=400"})));
  Background first(command, Of(0, port));
  Background second(command, Of(1, port));
  const Outcome a = first.Wait(), b = second.Wait();
  ASSERT_EQ(a.code, 0) << a.err;
  ASSERT_EQ(b.code, 0) << b.err;

  const std::vector<Json> one = Losses("one"), two = Losses("two");
  ASSERT_EQ(one.size(), 50u);  // steps
  ASSERT_EQ(two.size(), one.size());
  for (size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(two[i]["images"], one[i]["images"]);
    for (const char* name : {"discriminator_loss", "generator_loss"}) {
      const double wanted = one[i][name].get<double>();
      EXPECT_NEAR(two[i][name].get<double>(), wanted, 1e-4) << name << " of line " << i;
    }
  }
}

TEST_F(Processes, OneThatLosesTheOtherSaysSo) {
  const int port = FreePort();
  ASSERT_GT(port, 0);
  const Words command =
      Command(NewRun("run", Plain({"train.images=1_000_000", "output.grid_every=500_000"})));
  Background first(command, Of(0, port));
  Background second(command, Of(1, port));
  ASSERT_TRUE(first.WaitUntil([&] { return HasBegun("run"); })) << first.err() << second.err();
  second.Signal(SIGKILL);
  const Outcome left = first.Wait();
  EXPECT_EQ(left.signal, 0);
  EXPECT_EQ(left.code, 74) << left.err;
  EXPECT_NE(left.err.find("gan: [processes] process 0 of 2 lost the others"), std::string::npos)
      << left.err;
}

}  // namespace
}  // namespace gan::testing
