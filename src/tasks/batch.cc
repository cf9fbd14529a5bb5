#include "tasks/batch.h"

#include <glob.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <new>
#include <set>
#include <system_error>
#include <utility>

#include "base/error.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

// A picture that an input stands for.
struct Found {
  fs::path file;
  fs::path place;          // below the folder of outputs: the way from the input folder to it
  bool in_folder = false;  // found there, not named by the user
};

std::string Name(const fs::path& path) { return Printable(path.native(), 500); }

// The same for every way to name a file, whether or not it exists.
std::string Identity(const fs::path& path) {
  std::error_code error;
  const fs::path whole = fs::weakly_canonical(path, error);
  return (error ? fs::absolute(path).lexically_normal() : whole).native();
}

std::optional<PictureFormat> KnownFormat(const fs::path& path) {
  try {
    return FormatFromExtension(path);
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::string_view ExtensionOf(PictureFormat format) {
  switch (format) {
    case PictureFormat::kPng: return ".png";
    case PictureFormat::kJpeg: return ".jpg";
    case PictureFormat::kWebp: return ".webp";
    case PictureFormat::kTiff: return ".tif";
  }
  GAN_ASSERT(false);
}

bool Hidden(const fs::path& path) { return path.filename().native().starts_with('.'); }

void AddFolder(const fs::path& folder, const BatchOptions& options, std::vector<Found>& found) {
  const std::string outputs = options.output ? Identity(*options.output) : "";
  std::error_code error;
  std::vector<Found> here;
  fs::recursive_directory_iterator entry(folder, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const fs::path& path = entry->path();
    std::error_code unknown;
    if (entry->is_directory(unknown)) {
      // Outputs below the inputs are not inputs of the next run.
      const bool left_out = !options.recursive || Hidden(path) || Identity(path) == outputs;
      if (left_out) entry.disable_recursion_pending();
    } else if (entry->is_regular_file(unknown) && !Hidden(path) && KnownFormat(path)) {
      here.push_back({path, path.lexically_relative(folder), true});
    }
  }
  if (error) Fail(ErrorCode::kNoInput, Name(folder), "cannot be listed: {}", error.message());
  std::ranges::sort(here, {}, &Found::file);
  std::ranges::move(here, std::back_inserter(found));
}

void AddNamed(const fs::path& path, const BatchOptions& options, std::vector<Found>& found) {
  std::error_code error;
  if (fs::is_directory(path, error)) {
    AddFolder(path, options, found);
  } else {
    found.push_back({path, path.filename()});
  }
}

// The shell of another system, or quotes, may leave patterns to us.
std::vector<fs::path> Expand(const std::string& input) {
  std::error_code error;
  if (fs::exists(input, error) || input.find_first_of("*?[") == std::string::npos) return {input};
  glob_t matches{};
  std::vector<fs::path> paths;
  if (glob(input.c_str(), 0, nullptr, &matches) == 0) {
    paths.assign(matches.gl_pathv, matches.gl_pathv + matches.gl_pathc);
  }
  globfree(&matches);
  if (paths.empty()) paths.emplace_back(input);  // fails as a job: there is no such file
  return paths;
}

std::vector<Found> FindPictures(std::span<const std::string> inputs, const BatchOptions& options) {
  std::vector<Found> all;
  for (const std::string& input : inputs) {
    for (const fs::path& path : Expand(input)) AddNamed(path, options, all);
  }
  std::set<std::string> seen;
  std::erase_if(all, [&](const Found& found) { return !seen.insert(Identity(found.file)).second; });
  return all;
}

bool WantsFolder(const fs::path& output, const std::vector<Found>& found) {
  std::error_code error;
  if (fs::is_directory(output, error) || output.filename().empty()) return true;
  if (found.size() == 1 && !found[0].in_folder) return false;
  if (fs::exists(output, error) || KnownFormat(output)) {
    Fail(ErrorCode::kUsage, Name(output),
         "wants a folder for the outputs of {} pictures, this is {} file", found.size(),
         fs::exists(output, error) ? "a" : "named like a");
  }
  return true;
}

fs::path OutputFor(const Found& found, const BatchOptions& options, bool in_folder) {
  const std::string suffix =
      options.suffix.value_or(options.output ? std::string() : options.default_suffix);
  const std::optional<PictureFormat> known = KnownFormat(found.file);
  std::string name = found.file.stem().native() + suffix;
  if (options.format && options.format != known) {
    name += ExtensionOf(*options.format);
  } else {
    name += known ? found.file.extension().native() : ExtensionOf(PictureFormat::kPng);
  }
  if (in_folder) return *options.output / found.place.parent_path() / name;
  return options.output ? *options.output : found.file.parent_path() / name;
}

void CheckCollisions(const std::vector<BatchJob>& jobs, const BatchOptions& options) {
  std::map<std::string, const BatchJob*> inputs, outputs;
  for (const BatchJob& job : jobs) inputs.emplace(Identity(job.input), &job);
  for (const BatchJob& job : jobs) {
    const auto [other, is_new] = outputs.emplace(Identity(job.output), &job);
    if (!is_new) {
      Fail(ErrorCode::kUsage, Name(job.output), "would be the output of both {} and {}",
           Name(other->second->input), Name(job.input));
    }
    const auto input = inputs.find(Identity(job.output));
    if (input == inputs.end() || (input->second == &job && options.overwrite_inputs)) continue;
    Fail(ErrorCode::kUsage, Name(job.output),
         "is an input, and the output of {} would replace it: name another folder or suffix",
         Name(job.input));
  }
}

// Does one job. Whatever goes wrong becomes part of the result.
JobResult RunOne(const BatchJob& job, const std::function<void(const BatchJob&)>& work) {
  JobResult result{.job = job};
  const auto fail = [&](ErrorCode code, const std::string& message) {
    result.status = code == ErrorCode::kInterrupted ? JobStatus::kInterrupted : JobStatus::kFailed;
    result.code = code;
    result.message = message;
  };
  const auto start = std::chrono::steady_clock::now();
  try {
    if (job.output.has_parent_path()) fs::create_directories(job.output.parent_path());
    work(job);
  } catch (const Error& error) {
    fail(error.code(), error.what());
  } catch (const fs::filesystem_error& error) {
    fail(ErrorCode::kCannotCreate, fmt::format("[{}] the folder cannot be made: {}",
                                               Name(error.path1()), error.code().message()));
  } catch (const std::bad_alloc&) {
    fail(ErrorCode::kInternal,
         fmt::format("[{}] there is not enough memory; allow smaller tiles", Name(job.input)));
  } catch (const std::exception& error) {
    fail(ErrorCode::kInternal, fmt::format("[{}] {}", Name(job.input), Printable(error.what())));
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace

std::vector<BatchJob> PlanBatch(std::span<const std::string> inputs, const BatchOptions& options) {
  const std::vector<Found> found = FindPictures(inputs, options);
  if (found.empty()) {
    Fail(ErrorCode::kNoInput, inputs.empty() ? "input" : Name(inputs[0]), "holds no picture{}",
         options.recursive ? "" : " of its own; -r looks into folders below");
  }
  const bool in_folder = options.output && WantsFolder(*options.output, found);
  std::vector<BatchJob> jobs;
  std::map<std::string, size_t> made_by;
  for (const Found& picture : found) {
    const fs::path output = OutputFor(picture, options, in_folder);
    made_by.emplace(Identity(output), jobs.size());
    jobs.push_back({picture.file, output});
  }
  std::vector<BatchJob> kept;
  for (size_t i = 0; i < jobs.size(); ++i) {
    const auto maker = made_by.find(Identity(jobs[i].input));
    if (found[i].in_folder && maker != made_by.end() && maker->second != i) continue;
    std::error_code error;
    jobs[i].skip = options.skip_existing && fs::exists(jobs[i].output, error);
    kept.push_back(jobs[i]);
  }
  CheckCollisions(kept, options);
  return kept;
}

std::vector<JobResult> RunBatch(std::span<const BatchJob> jobs,
                                const std::function<void(const BatchJob& job)>& work,
                                const BatchCallbacks& callbacks, const CancelFlag* cancel) {
  std::vector<JobResult> results;
  bool interrupted = false;
  for (size_t i = 0; i < jobs.size(); ++i) {
    interrupted = interrupted || (cancel != nullptr && cancel->cancelled());
    if (interrupted) {
      results.push_back({.job = jobs[i],
                         .status = JobStatus::kInterrupted,
                         .code = ErrorCode::kInterrupted,
                         .message = "not begun"});
    } else if (jobs[i].skip) {
      results.push_back({.job = jobs[i], .status = JobStatus::kSkipped});
    } else {
      if (callbacks.start) callbacks.start(i, jobs[i]);
      results.push_back(RunOne(jobs[i], work));
    }
    interrupted = interrupted || results.back().status == JobStatus::kInterrupted;
    if (callbacks.finish) callbacks.finish(i, results.back());
  }
  return results;
}

int ExitCodeOf(std::span<const JobResult> results) {
  int first = 0;
  for (const JobResult& result : results) {
    if (result.status == JobStatus::kInterrupted) return static_cast<int>(ErrorCode::kInterrupted);
    if (first == 0 && result.code) first = static_cast<int>(*result.code);
  }
  return first;
}

}  // namespace gan::core
