// What ends a run of `gan train` before its time, and how it is taken up again: bit for bit, with
// nothing lost. GAN_SOAK=1 in the environment repeats each accident until it has happened at every
// instant that counts, which takes the better part of an hour.
#include <signal.h>

#include <cstdlib>
#include <random>

#include "train_fixture.h"

namespace gan::testing {
namespace {

bool Soaks() {
  const char* soak = std::getenv("GAN_SOAK");
  return soak != nullptr && *soak == '1';
}

// Counted from the end.
void FlipBit(const fs::path& path, size_t bit = 40) {
  std::string bytes = ReadAll(path.string());
  ASSERT_LT(bit / 8, bytes.size()) << path;
  char& byte = bytes[bytes.size() - 1 - bit / 8];
  byte = static_cast<char>(byte ^ 1 << bit % 8);
  WriteAll(path.string(), bytes);
}

class Durability : public Train {
 protected:
  // The end of `name` is that of "whole", in every byte of its checkpoints and its log.
  void ExpectAsWhole(const std::string& name) const {
    ASSERT_EQ(NamesIn(name, "checkpoints").back(), NamesIn("whole", "checkpoints").back());
    ExpectSameBytes(FilesIn("whole", "checkpoints").back(), FilesIn(name, "checkpoints").back());
    ExpectSameBytes(In("whole", "generator.safetensors"), In(name, "generator.safetensors"));
    EXPECT_EQ(Losses(name), Losses("whole"));
    for (const std::string& file : folder_.files()) {
      EXPECT_EQ(file.find(".part"), std::string::npos) << file << " was left";
    }
  }

  // Killed so many seconds after it has begun, or at its end.
  void Kill(const Words& arguments, const std::string& name, double seconds) const {
    Background run(Command(arguments), Environment());
    // Before there is a recipe there is no run that could be resumed.
    ASSERT_TRUE(run.WaitUntil([&] { return fs::exists(In(name, "recipe.toml")); })) << run.err();
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    run.Signal(SIGKILL);
    const Outcome outcome = run.Wait();
    EXPECT_TRUE(outcome.signal == SIGKILL || outcome.code == 0) << outcome.code << outcome.err;
    // What is under its final name is whole: the next start may not find anything broken.
    EXPECT_EQ(outcome.out.find("is broken"), std::string::npos) << outcome.out;
  }
};

// 200 steps are 100, a kill, and 100 more, wherever the checkpoint lies.
TEST_F(Durability, KilledAfterAnyCheckpointItGoesOnBitForBit) {
  ASSERT_NO_FATAL_FAILURE(ExpectDone(NewRun("whole", {"train.images=1600"})));
  std::mt19937 random(11);
  for (int i = 0; i < (Soaks() ? 10 : 1); ++i) {
    const auto steps = static_cast<int64_t>(random() % 198) + 1;
    SCOPED_TRACE("killed after " + std::to_string(steps) + " steps");
    const std::string images = std::to_string(steps * kBatch);
    const std::string name = "killed-" + std::to_string(i);
    {
      Background run(Command(NewRun(name, {"train.images=1600", "output.checkpoint_every=" + images,
                                           "output.milestones=" + images})),
                     Environment());
      ASSERT_TRUE(run.WaitUntil([&] { return !NamesIn(name, "checkpoints").empty(); }))
          << run.err();
      run.Signal(SIGKILL);
      run.Wait();
    }
    const Outcome resumed = RunTrain(Resume(name));
    ASSERT_EQ(resumed.code, 0) << resumed.err;
    EXPECT_NE(resumed.out.find("goes on at "), std::string::npos) << resumed.out;
    ExpectAsWhole(name);
  }
}

TEST_F(Durability, KilledAtAnyTimeNothingIsLost) {
  const Words length = {"train.images=960"};
  const Outcome whole = RunTrain(NewRun("whole", length));
  ASSERT_EQ(whole.code, 0) << whole.err;
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("the instants are those of seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> share(0.0, 0.9);
  const int runs = Soaks() ? 40 : 1;
  for (int number = 0; number < runs; ++number) {
    const std::string name = "killed-" + std::to_string(number);
    for (int kills = 0; kills < 5; ++kills) {
      ASSERT_NO_FATAL_FAILURE(Kill(kills == 0 ? NewRun(name, length) : Resume(name), name,
                                   share(random) * whole.seconds));
    }
    const Outcome last = RunTrain(Resume(name));
    ASSERT_EQ(last.code, 0) << last.err;
    EXPECT_EQ(last.out.find("is broken"), std::string::npos) << last.out;
    ExpectAsWhole(name);
  }
}

// The disk is full from the n-th thing on that is written, half of which still fits.
TEST_F(Durability, OutOfSpaceAtAnyWriteNothingIsLost) {
  ASSERT_NO_FATAL_FAILURE(ExpectDone(NewRun("whole")));
  int failures = 0;
  for (int n = 0;; n += Soaks() ? 1 : 150) {
    SCOPED_TRACE("full after " + std::to_string(n) + " writes");
    const std::string name = "full-" + std::to_string(n);
    RunOptions options;
    options.environment =
        Environment({std::string("LD_PRELOAD=") + GAN_FULL_DISK,
                     "FULL_DISK_FOLDER=" + folder_ / name, "FULL_DISK_AFTER=" + std::to_string(n)});
    const Outcome outcome = RunGan(Command(NewRun(name)), options);
    if (outcome.code == 0) break;
    ++failures;
    EXPECT_EQ(outcome.code, 74) << outcome.err;
    EXPECT_TRUE(Lines(outcome.err).back().ends_with("No space left on device")) << outcome.err;
    const bool begun = fs::exists(In(name, "recipe.toml"));
    const Outcome again = RunTrain(begun ? Resume(name) : NewRun(name));
    ASSERT_EQ(again.code, 0) << again.err;
    ExpectAsWhole(name);
  }
  EXPECT_GT(failures, 1);
}

TEST_F(Durability, AnyFlippedBitIsNoticed) {
  ASSERT_NO_FATAL_FAILURE(ExpectDone(NewRun("whole")));
  ASSERT_NO_FATAL_FAILURE(ExpectDone(NewRun("run")));
  const fs::path newest = FilesIn("run", "checkpoints").back();
  const std::string good = ReadAll(newest.string());
  std::mt19937 random(12);
  for (int i = 0; i < (Soaks() ? 500 : 2); ++i) {
    const size_t bit = random() % (good.size() * 8);
    SCOPED_TRACE("bit " + std::to_string(bit) + " from the end");
    FlipBit(newest, bit);
    const Outcome resumed = RunTrain(Resume("run"));
    ASSERT_EQ(resumed.code, 0) << resumed.err;
    EXPECT_NE(resumed.out.find("000000160.safetensors is broken"), std::string::npos)
        << resumed.out;
    // It has done the steps once more, from the checkpoint before.
    ExpectAsWhole("run");
  }
}

TEST_F(Durability, ResumesBitForBit) {
  ASSERT_NO_FATAL_FAILURE(ExpectDone(NewRun("whole")));
  ASSERT_NO_FATAL_FAILURE(ExpectDone(NewRun("parts", {"train.images=80"})));
  EXPECT_EQ(NamesIn("parts", "checkpoints").back(), "000000080.safetensors");
  const Outcome resumed = RunTrain(Resume("parts", {"train.images=160"}));
  ASSERT_EQ(resumed.code, 0) << resumed.err;
  EXPECT_NE(resumed.out.find("goes on at 80 images"), std::string::npos) << resumed.out;
  ExpectSameBytes(In("whole", "generator.safetensors"), In("parts", "generator.safetensors"));
  EXPECT_EQ(NamesIn("parts", "checkpoints").back(), "000000160.safetensors");
  EXPECT_EQ(Losses("parts"), Losses("whole"));
}

TEST_F(Durability, EndsWithACheckpointOnSigterm) {
  Background run(Command(NewRun("run", {"train.images=1_000_000", "output.checkpoint_every=500_000",
                                        "output.grid_every=500_000"})),
                 Environment());
  ASSERT_TRUE(run.WaitUntil([&] { return HasBegun("run"); })) << run.err();
  run.Signal(SIGTERM);
  const Outcome outcome = run.Wait();
  EXPECT_EQ(outcome.signal, 0);
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  ASSERT_EQ(FilesIn("run", "checkpoints").size(), 1u);
  const int64_t images = std::stoll(FilesIn("run", "checkpoints").front().stem().string());
  EXPECT_GT(images, 0);
  EXPECT_LT(images, 1'000'000);
  const Outcome resumed =
      RunTrain(Resume("run", {"train.images=" + std::to_string(images + 2 * kBatch)}));
  ASSERT_EQ(resumed.code, 0) << resumed.err;
  EXPECT_NE(resumed.out.find("goes on at " + std::to_string(images)), std::string::npos)
      << resumed.out;
  EXPECT_EQ(std::stoll(FilesIn("run", "checkpoints").back().stem().string()), images + 2 * kBatch);
}

TEST_F(Durability, PassesOverABrokenCheckpoint) {
  ASSERT_NO_FATAL_FAILURE(ExpectDone(NewRun("run")));
  ASSERT_NO_FATAL_FAILURE(ExpectDone(NewRun("whole", {"train.images=192"})));
  FlipBit(FilesIn("run", "checkpoints").back());
  const Outcome resumed = RunTrain(Resume("run", {"train.images=192"}));
  ASSERT_EQ(resumed.code, 0) << resumed.err;
  EXPECT_NE(resumed.out.find("000000160.safetensors is broken"), std::string::npos) << resumed.out;
  EXPECT_NE(resumed.out.find("goes on at 128 images"), std::string::npos) << resumed.out;
  ExpectSameBytes(In("whole", "generator.safetensors"), In("run", "generator.safetensors"));
  EXPECT_EQ(Losses("run"), Losses("whole"));

  for (const fs::path& path : FilesIn("run", "checkpoints")) FlipBit(path);
  const Outcome refused = RunTrain(Resume("run", {"train.images=256"}));
  EXPECT_EQ(refused.code, 65) << refused.err;
  EXPECT_EQ(Lines(refused.err).size(), 1u) << refused.err;
  EXPECT_NE(refused.err.find("no checkpoint that is whole"), std::string::npos) << refused.err;
}

}  // namespace
}  // namespace gan::testing
