#include "runs/run_directory.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <system_error>

#include "base/error.h"
#include "base/file.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kExtension = ".safetensors";

std::string Where(const RunPaths& paths) { return Printable(paths.root.native(), 500); }

// The images in the name of a checkpoint; nothing when it is not one.
std::optional<int64_t> ImagesOf(const fs::path& path) {
  if (path.extension() != kExtension) return std::nullopt;
  const std::string stem = path.stem().native();
  int64_t images = 0;
  const auto [end, error] = std::from_chars(stem.data(), stem.data() + stem.size(), images);
  if (error != std::errc() || end != stem.data() + stem.size() || images < 0) return std::nullopt;
  return images;
}

// Whether the folder holds anything but a lock and empty folders, which a run that ended before it
// had a recipe leaves.
bool HoldsSomething(const RunPaths& paths) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(paths.root, error)) {
    if (entry.is_directory(error) && fs::is_empty(entry.path(), error) && !error) continue;
    if (entry.path().filename() != paths.Lock().filename()) return true;
  }
  return static_cast<bool>(error);  // what cannot be listed is not ours to write to
}

void MakeFolder(const RunPaths& paths, const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) Fail(ErrorCode::kCannotCreate, Where(paths), "cannot be created: {}", error.message());
  SyncFolder(folder.parent_path());
}

[[noreturn]] void RefuseExisting(const RunPaths& paths) {
  Fail(ErrorCode::kCannotCreate, Where(paths),
       fs::exists(paths.Recipe())
           ? "holds a run already: continue it with --resume, or choose another folder"
           : "holds something already: choose another folder, or an empty one");
}

bool IsWhole(const fs::path& path) {
  try {
    ReadRunCheckpoint(path);
    return true;
  } catch (const Error&) {
    return false;
  }
}

// The images of the checkpoints that stay.
std::set<int64_t> Kept(const std::vector<FoundCheckpoint>& found, const Retention& retention) {
  std::set<int64_t> kept;
  const size_t newest =
      std::min(found.size(), static_cast<size_t>(std::max<int64_t>(retention.keep, 1)));
  for (size_t i = found.size() - newest; i < found.size(); ++i) kept.insert(found[i].images);
  if (retention.best) kept.insert(*retention.best);
  if (retention.milestones > 0) {
    int64_t last = 0;
    // The first of a stretch stays the first: the others of its stretch may go, it may not.
    for (const FoundCheckpoint& checkpoint : found) {
      const int64_t stretch = checkpoint.images / retention.milestones;
      if (stretch > last) kept.insert(checkpoint.images);
      last = std::max(last, stretch);
    }
  }
  return kept;
}

}  // namespace

fs::path RunPaths::Checkpoint(int64_t images) const {
  return Checkpoints() / fmt::format("{:09}{}", images, kExtension);
}

fs::path RunPaths::Sheet(int64_t images) const {
  return Samples() / fmt::format("{:09}.png", images);
}

std::vector<FoundCheckpoint> FindCheckpoints(const RunPaths& paths) {
  std::vector<FoundCheckpoint> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(paths.Checkpoints(), error)) {
    if (const auto images = ImagesOf(entry.path())) found.push_back({*images, entry.path()});
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.images < b.images; });
  return found;
}

std::optional<LoadedCheckpoint> LoadNewestCheckpoint(const RunPaths& paths,
                                                     const BrokenCheckpointFn& broken,
                                                     int64_t at_most) {
  std::vector<FoundCheckpoint> found = FindCheckpoints(paths);
  for (; !found.empty(); found.pop_back()) {
    const FoundCheckpoint& newest = found.back();
    if (newest.images > at_most) continue;
    try {
      return LoadedCheckpoint{newest.images, newest.path, ReadRunCheckpoint(newest.path)};
    } catch (const Error& error) {
      if (broken) broken(newest.path, error.what());
    }
  }
  return std::nullopt;
}

RunDirectory RunDirectory::Create(const fs::path& root) {
  RunPaths paths{root.lexically_normal()};
  if (!paths.root.has_filename()) paths.root = paths.root.parent_path();  // a slash at the end
  MakeFolder(paths, paths.root);
  // With a lock there, whether somebody is at work is the first thing to say.
  if (!fs::exists(paths.Lock()) && HoldsSomething(paths)) RefuseExisting(paths);
  RunLock lock(paths.Lock(), paths.root);
  if (HoldsSomething(paths)) RefuseExisting(paths);
  MakeFolder(paths, paths.Checkpoints());
  MakeFolder(paths, paths.Samples());
  return {std::move(paths), std::move(lock)};
}

RunDirectory RunDirectory::Open(const fs::path& root) {
  RunPaths paths{root.lexically_normal()};
  if (!paths.root.has_filename()) paths.root = paths.root.parent_path();
  if (!fs::is_directory(paths.root)) {
    Fail(ErrorCode::kNoInput, Where(paths), "is no folder; --resume wants that of a run");
  }
  if (!fs::exists(paths.Recipe())) {
    Fail(ErrorCode::kBadData, Where(paths), "is no run: it has no recipe.toml");
  }
  RunLock lock(paths.Lock(), paths.root);
  for (const fs::path& folder : {paths.root, paths.Checkpoints(), paths.Samples()}) {
    MakeFolder(paths, folder);
    RemoveLeftovers(folder);
  }
  return {std::move(paths), std::move(lock)};
}

std::vector<fs::path> RunDirectory::Prune(const Retention& retention) const {
  const std::vector<FoundCheckpoint> found = FindCheckpoints(paths_);
  std::set<int64_t> kept = Kept(found, retention);
  if (kept.size() >= found.size()) return {};
  // Before anything goes, something that stays must be whole.
  for (auto it = found.rbegin(); it != found.rend(); ++it) {
    if (!IsWhole(it->path)) continue;
    kept.insert(it->images);
    break;
  }
  std::vector<fs::path> removed;
  for (const FoundCheckpoint& checkpoint : found) {
    if (kept.contains(checkpoint.images)) continue;
    std::error_code error;
    fs::remove(checkpoint.path, error);
    if (error) {
      Fail(ErrorCode::kIo, Printable(checkpoint.path.native(), 500), "cannot be removed: {}",
           error.message());
    }
    removed.push_back(checkpoint.path);
  }
  if (!removed.empty()) SyncFolder(paths_.Checkpoints());
  return removed;
}

}  // namespace gan::core
