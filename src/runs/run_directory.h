// The folder that holds everything of one run.
#ifndef GAN_RUNS_RUN_DIRECTORY_H_
#define GAN_RUNS_RUN_DIRECTORY_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "runs/checkpoint_file.h"
#include "runs/run_lock.h"

namespace gan::core {

// Where things are. Names a path, touches nothing: readers of a run need no more.
struct RunPaths {
  std::filesystem::path root;  // TensorBoard's event files lie here too

  std::filesystem::path Recipe() const { return root / "recipe.toml"; }
  std::filesystem::path Metrics() const { return root / "metrics.jsonl"; }
  std::filesystem::path Lock() const { return root / "lock"; }
  std::filesystem::path Generator() const { return root / "generator.safetensors"; }
  std::filesystem::path Best() const { return root / "best.safetensors"; }
  std::filesystem::path Checkpoints() const { return root / "checkpoints"; }
  std::filesystem::path Samples() const { return root / "samples"; }
  std::filesystem::path Checkpoint(int64_t images) const;  // checkpoints/000012800.safetensors
  std::filesystem::path Sheet(int64_t images) const;       // samples/000012800.png
};

struct FoundCheckpoint {
  int64_t images = 0;  // seen when it was written
  std::filesystem::path path;
};

// By images, rising. Other files are passed over; none when the folder is not there.
std::vector<FoundCheckpoint> FindCheckpoints(const RunPaths& paths);

struct LoadedCheckpoint {
  int64_t images = 0;
  std::filesystem::path path;
  RunCheckpoint content;
};

// Told of each checkpoint that is passed over: its path, and why in one line.
using BrokenCheckpointFn =
    std::function<void(const std::filesystem::path& path, const std::string& reason)>;

// The newest checkpoint that is whole. `at_most` bounds its images.
std::optional<LoadedCheckpoint> LoadNewestCheckpoint(const RunPaths& paths,
                                                     const BrokenCheckpointFn& broken = {},
                                                     int64_t at_most = INT64_MAX);

// Which checkpoints stay.
struct Retention {
  int64_t keep = 3;             // the newest
  int64_t milestones = 0;       // and the first of each so many images; 0: none
  std::optional<int64_t> best;  // and the one of these images
};

// A run that this process writes to: its lock is held. Not thread-safe.
class RunDirectory {
 public:
  // Makes the folder, or takes an empty one. Error kCannotCreate when it holds something already,
  // kBusy when a trainer is at work in it.
  static RunDirectory Create(const std::filesystem::path& root);

  // For going on. What a killed trainer left half-written is removed. Error kNoInput: no such
  // folder; kBadData: it is not a run; kBusy.
  static RunDirectory Open(const std::filesystem::path& root);

  const RunPaths& paths() const { return paths_; }

  // Removes the other checkpoints, but never the newest one that is whole. Returns what was
  // removed. Error kIo.
  std::vector<std::filesystem::path> Prune(const Retention& retention) const;

 private:
  RunDirectory(RunPaths paths, RunLock lock) : paths_(std::move(paths)), lock_(std::move(lock)) {}

  RunPaths paths_;
  RunLock lock_;
};

}  // namespace gan::core

#endif  // GAN_RUNS_RUN_DIRECTORY_H_
