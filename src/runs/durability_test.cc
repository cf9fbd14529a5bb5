// What is written lasts: disks that fill up at any byte, and trainers killed at any instant.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/random.h"
#include "gan/error.h"
#include "runs/metrics_log.h"
#include "runs/run_directory.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

class Durability : public ::testing::Test {
 protected:
  Durability()
      : folder_(fs::temp_directory_path() / ("gan_durability_test." + std::to_string(getpid()))) {
    fs::remove_all(folder_);
  }
  ~Durability() override { fs::remove_all(folder_); }
  fs::path folder_;
};

// Tensors that tell which save they are from.
NamedTensors TensorsOf(int64_t images, int64_t elements) {
  NamedTensors out;
  Tensor tensor(DType::kF32, Shape{elements});
  for (float& x : tensor.floats()) x = static_cast<float>(images);
  out.Add("x", tensor);
  return out;
}

// While it lives no file of this process grows beyond `bytes`: what a full disk is to a writer.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : before_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &limit_);
    const rlimit small{bytes, limit_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &limit_);
    std::signal(SIGXFSZ, before_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  void (*before_)(int);
  rlimit limit_{};
};

TEST_F(Durability, DiskThatFillsUpAtAnyByteLosesNothing) {
  const RunDirectory run = RunDirectory::Create(folder_);
  const fs::path path = run.paths().Checkpoint(64);
  WriteRunCheckpoint(path, TensorsOf(64, 20), "{}");
  const auto size = static_cast<rlim_t>(fs::file_size(path));
  for (rlim_t room = 0; room < size; ++room) {
    int code = 0;
    {
      const FullDisk full(room);
      try {
        WriteRunCheckpoint(path, TensorsOf(128, 20), "{}");
      } catch (const Error& error) {
        code = static_cast<int>(error.code());
      }
    }
    ASSERT_EQ(code, static_cast<int>(ErrorCode::kIo)) << room;
    ASSERT_EQ(std::distance(fs::directory_iterator(run.paths().Checkpoints()), {}), 1) << room;
    ASSERT_EQ(ReadRunCheckpoint(path).tensors.At("x").floats()[0], 64.0f) << room;
  }
  const FullDisk full(size);
  EXPECT_NO_THROW(WriteRunCheckpoint(path, TensorsOf(128, 20), "{}"));
}

TEST_F(Durability, FiguresThatDoNotFitLeaveTheOldOnes) {
  const RunDirectory run = RunDirectory::Create(folder_);
  MetricsLog log(run.paths().Metrics());
  log.Append(64, {{"loss", 0.5}});
  const auto size = static_cast<rlim_t>(fs::file_size(run.paths().Metrics()));
  for (rlim_t room = size; room < size + 20; ++room) {
    const FullDisk full(room);
    EXPECT_THROW(log.Append(128, {{"loss", 0.25}}), Error);
    EXPECT_EQ(fs::file_size(run.paths().Metrics()), size);
  }
  log.Append(128, {{"loss", 0.25}});
  std::ifstream in(run.paths().Metrics());
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(text, "{\"images\":64,\"loss\":0.5}\n{\"images\":128,\"loss\":0.25}\n");
}

// Saves as a trainer does, for ever, and says which saves are done.
[[noreturn]] void SaveForEver(const fs::path& folder, int acknowledge) {
  const RunDirectory run = RunDirectory::Open(folder);
  const auto newest = LoadNewestCheckpoint(run.paths());
  int64_t images = newest ? newest->images : 0;
  MetricsLog log(run.paths().Metrics(), images);
  for (;;) {
    images += 64;
    log.Append(images, {{"loss", 0.5}});
    log.Sync();
    WriteRunCheckpoint(run.paths().Checkpoint(images), TensorsOf(images, 5000), "{}");
    run.Prune({.keep = 2});
    if (write(acknowledge, &images, sizeof images) != sizeof images) _exit(1);
  }
}

// The last save that the child said was done, after it was killed.
int64_t LastAcknowledged(int pipe_end, int64_t before) {
  int64_t images = before;
  for (int64_t next = 0; read(pipe_end, &next, sizeof next) == sizeof next;) images = next;
  return images;
}

TEST_F(Durability, KilledAtAnyInstantTheLastSaveIsThere) {
  {
    const RunDirectory run = RunDirectory::Create(folder_);
    std::ofstream(run.paths().Recipe()) << "\n";
  }
  Random random(21);
  int64_t acknowledged = 0;
  // A machine that is busy may need longer to its first save.
  for (int64_t kills = 0; kills < 60 || acknowledged == 0; ++kills) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) SaveForEver(folder_, ends[1]);
    close(ends[1]);
    const timespec pause{
        0, static_cast<long>(random.Below(20'000'000) * (1 + kills / 60) % 1'000'000'000)};
    nanosleep(&pause, nullptr);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    acknowledged = LastAcknowledged(ends[0], acknowledged);
    close(ends[0]);

    const RunDirectory run = RunDirectory::Open(folder_);
    const auto newest =
        LoadNewestCheckpoint(run.paths(), [](const fs::path& path, const std::string& reason) {
          ADD_FAILURE() << path << " is broken: " << reason;
        });
    const int64_t images = newest ? newest->images : 0;
    ASSERT_GE(images, acknowledged);
    if (newest) {
      ASSERT_EQ(newest->content.tensors.At("x").floats()[4999], static_cast<float>(images));
    }
    // The figures up to there are there, one line each.
    const MetricsLog log(run.paths().Metrics(), images);
    std::ifstream in(run.paths().Metrics());
    int64_t lines = 0;
    for (std::string line; std::getline(in, line); ++lines) {
      ASSERT_EQ(nlohmann::json::parse(line)["images"], 64 * (lines + 1));
    }
    ASSERT_EQ(lines, images / 64);
  }
}

}  // namespace
}  // namespace gan::core
