#include "runs/run_directory.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <utility>

#include "gan/error.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

class RunDirectoryTest : public ::testing::Test {
 protected:
  RunDirectoryTest()
      : folder_(fs::temp_directory_path() / ("gan_run_test." + std::to_string(getpid()))) {
    fs::create_directories(folder_);
  }
  ~RunDirectoryTest() override { fs::remove_all(folder_); }

  static void Touch(const fs::path& path) { std::ofstream(path) << "x"; }

  // Code and message of the error; {} when there is none.
  template <class Call>
  std::pair<int, std::string> Refusal(const Call& call) {
    try {
      call();
    } catch (const Error& error) {
      return {static_cast<int>(error.code()), error.what()};
    }
    return {};
  }

  RunDirectory MakeRun(const fs::path& root) {
    RunDirectory run = RunDirectory::Create(root);
    Touch(run.paths().Recipe());
    return run;
  }

  static void Save(const RunDirectory& run, int64_t images) {
    NamedTensors tensors;
    tensors.Add("x", Tensor::Zeros(DType::kF32, Shape{3}));
    WriteRunCheckpoint(run.paths().Checkpoint(images), tensors, std::to_string(images));
  }
  static void Break(const RunDirectory& run, int64_t images) {
    fs::resize_file(run.paths().Checkpoint(images), 100);
  }
  static std::vector<int64_t> Images(const RunDirectory& run) {
    std::vector<int64_t> out;
    for (const FoundCheckpoint& found : FindCheckpoints(run.paths())) out.push_back(found.images);
    return out;
  }

  fs::path folder_;
};

TEST_F(RunDirectoryTest, TakesNewAndEmptyFoldersAlone) {
  { const RunDirectory run = RunDirectory::Create(folder_ / "a/b/"); }
  EXPECT_TRUE(fs::is_directory(folder_ / "a/b/checkpoints"));
  EXPECT_TRUE(fs::is_directory(folder_ / "a/b/samples"));
  fs::create_directories(folder_ / "empty");
  { const RunDirectory run = RunDirectory::Create(folder_ / "empty"); }
  // A trainer that was killed before it began leaves a lock alone.
  fs::create_directories(folder_ / "begun");
  Touch(folder_ / "begun/lock");
  { const RunDirectory run = RunDirectory::Create(folder_ / "begun"); }

  fs::create_directories(folder_ / "photos");
  Touch(folder_ / "photos/cat.png");
  EXPECT_EQ(Refusal([&] { RunDirectory::Create(folder_ / "photos"); }),
            std::pair(73, "[" + (folder_ / "photos").native() +
                              "] holds something already: choose another folder, or an empty one"));
  EXPECT_FALSE(fs::exists(folder_ / "photos/lock"));
  { const RunDirectory run = MakeRun(folder_ / "run"); }
  EXPECT_EQ(Refusal([&] { RunDirectory::Create(folder_ / "run"); }),
            std::pair(73, "[" + (folder_ / "run").native() +
                              "] holds a run already: continue it with --resume, or choose another "
                              "folder"));
  Touch(folder_ / "file");
  EXPECT_EQ(Refusal([&] { RunDirectory::Create(folder_ / "file"); }).first, 73);
  EXPECT_EQ(Refusal([&] { RunDirectory::Create(folder_ / "file/run"); }).first, 73);
}

TEST_F(RunDirectoryTest, OpensRunsAndSweepsThem) {
  EXPECT_EQ(Refusal([&] { RunDirectory::Open(folder_ / "absent"); }).first, 66);
  EXPECT_EQ(Refusal([&] { RunDirectory::Open(folder_); }).first, 65);
  { const RunDirectory run = MakeRun(folder_ / "run"); }
  const fs::path half = folder_ / "run/checkpoints/.000000064.17-0.part.safetensors";
  Touch(half);
  fs::remove(folder_ / "run/samples");
  const RunDirectory run = RunDirectory::Open(folder_ / "run");
  EXPECT_FALSE(fs::exists(half));
  EXPECT_TRUE(fs::is_directory(folder_ / "run/samples"));
}

TEST_F(RunDirectoryTest, SecondTrainerIsToldWhoIsAtWork) {
  const RunDirectory run = MakeRun(folder_ / "run");
  for (const bool create : {false, true}) {
    const auto [code, message] = Refusal([&] {
      create ? RunDirectory::Create(folder_ / "run") : RunDirectory::Open(folder_ / "run");
    });
    EXPECT_EQ(code, 75);
    EXPECT_NE(message.find("is being trained by process " + std::to_string(getpid()) + " on "),
              std::string::npos)
        << message;
  }
  EXPECT_EQ(run.paths().Lock(), folder_ / "run/lock");
}

TEST_F(RunDirectoryTest, KilledTrainerHoldsNothing) {
  const pid_t child = fork();
  if (child == 0) {
    const RunDirectory run = MakeRun(folder_ / "run");
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_NO_THROW(RunDirectory::Open(folder_ / "run"));
}

TEST_F(RunDirectoryTest, FindsCheckpointsByTheirImages) {
  const RunDirectory run = MakeRun(folder_ / "run");
  EXPECT_EQ(run.paths().Checkpoint(12800).filename(), "000012800.safetensors");
  EXPECT_EQ(run.paths().Sheet(0).filename(), "000000000.png");
  for (const int64_t images : {int64_t{12'000'000'000}, int64_t{64}, int64_t{128}}) {
    Save(run, images);
  }
  Touch(run.paths().Checkpoints() / "notes.txt");
  Touch(run.paths().Checkpoints() / "64x.safetensors");
  Touch(run.paths().Checkpoints() / "-5.safetensors");
  EXPECT_EQ(Images(run), (std::vector<int64_t>{64, 128, 12'000'000'000}));
  EXPECT_TRUE(FindCheckpoints({folder_ / "absent"}).empty());
}

TEST_F(RunDirectoryTest, TakesTheNewestThatIsWhole) {
  const RunDirectory run = MakeRun(folder_ / "run");
  EXPECT_FALSE(LoadNewestCheckpoint(run.paths()));
  for (const int64_t images : {64, 128, 192, 256}) Save(run, images);
  EXPECT_EQ(LoadNewestCheckpoint(run.paths())->images, 256);
  EXPECT_EQ(LoadNewestCheckpoint(run.paths(), {}, 200)->content.state, "192");
  Break(run, 256);
  Break(run, 192);
  std::vector<std::string> told;
  const auto newest =
      LoadNewestCheckpoint(run.paths(), [&](const fs::path& path, const std::string& reason) {
        EXPECT_NE(reason.find(path.native()), std::string::npos);
        told.push_back(path.filename());
      });
  EXPECT_EQ(newest->images, 128);
  EXPECT_EQ(told, (std::vector<std::string>{"000000256.safetensors", "000000192.safetensors"}));
}

TEST_F(RunDirectoryTest, PrunesAllButNewestBestAndMilestones) {
  const RunDirectory run = MakeRun(folder_ / "run");
  for (int64_t images = 64; images <= 1024; images += 64) Save(run, images);
  const Retention retention{.keep = 2, .milestones = 300, .best = 128};
  EXPECT_EQ(run.Prune(retention).size(), 11u);
  // 320, 640 and 960 are the first beyond 300, 600 and 900.
  EXPECT_EQ(Images(run), (std::vector<int64_t>{128, 320, 640, 960, 1024}));
  EXPECT_TRUE(run.Prune(retention).empty());
  Save(run, 1216);
  Save(run, 1280);
  run.Prune(retention);
  EXPECT_EQ(Images(run), (std::vector<int64_t>{128, 320, 640, 960, 1216, 1280}));
}

TEST_F(RunDirectoryTest, PruningKeepsTheLastWholeOne) {
  const RunDirectory run = MakeRun(folder_ / "run");
  for (const int64_t images : {64, 128, 192, 256, 320}) Save(run, images);
  Break(run, 320);
  Break(run, 256);
  EXPECT_EQ(run.Prune({.keep = 2}).size(), 2u);
  EXPECT_EQ(Images(run), (std::vector<int64_t>{192, 256, 320}));
  EXPECT_EQ(LoadNewestCheckpoint(run.paths())->images, 192);
}

}  // namespace
}  // namespace gan::core
