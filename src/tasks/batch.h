// Many inputs: which files they mean, where each output goes, and doing them one after another.
#ifndef GAN_TASKS_BATCH_H_
#define GAN_TASKS_BATCH_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/progress.h"
#include "gan/error.h"
#include "media/picture.h"

namespace gan::core {

struct BatchOptions {
  // A file (for one input file), or a folder, in which folders given as input are mirrored: a
  // folder when it exists as one, ends in '/', or there is more than one input file. Without it
  // each output stands beside its input.
  std::optional<std::filesystem::path> output;
  bool recursive = false;      // folders with all that is below them, not only their own pictures
  bool skip_existing = false;  // outputs that are there already stay as they are
  // Added to the name before the extension. Without it: `default_suffix` beside the input, nothing
  // in a folder of outputs.
  std::optional<std::string> suffix;
  std::string default_suffix = "_x4";
  std::optional<PictureFormat> format;  // otherwise that of the input's extension, or PNG
  bool overwrite_inputs = false;        // an output may replace its own input
};

struct BatchJob {
  std::filesystem::path input;
  std::filesystem::path output;
  bool skip = false;  // the output exists and is to stay
};

// The jobs for inputs as the user named them: files, folders, and patterns with * ? [ ] that no
// file is named like. In folders, pictures are known by their extension, hidden ones are left out,
// and so are the outputs of other jobs, so that a second run does not enlarge them again. A file
// named directly is a job whatever its name, even if it is not there: it then fails as the others
// run. Sorted by name within each folder; the same file twice is one job.
//
// Error kUsage: two jobs with one output, an output that is an input (overwrite_inputs allows that
// for a job's own), one output file for several inputs. kNoInput: no picture at all.
std::vector<BatchJob> PlanBatch(std::span<const std::string> inputs, const BatchOptions& options);

enum class JobStatus : uint8_t { kDone, kSkipped, kFailed, kInterrupted };

struct JobResult {
  BatchJob job;
  JobStatus status = JobStatus::kDone;
  std::optional<ErrorCode> code;  // of a job that failed or was interrupted
  std::string message;            // one line
  double seconds = 0;
};

struct BatchCallbacks {
  std::function<void(size_t index, const BatchJob& job)> start;  // not for skipped jobs
  std::function<void(size_t index, const JobResult& result)> finish;
};

// Does `work` for each job in turn, making the folders of outputs first. A job that throws does not
// stop the others, but an interruption does: the jobs after it are interrupted too.
std::vector<JobResult> RunBatch(std::span<const BatchJob> jobs,
                                const std::function<void(const BatchJob& job)>& work,
                                const BatchCallbacks& callbacks = {},
                                const CancelFlag* cancel = nullptr);

// What the program should exit with: kInterrupted if a job was, else the code of the first job that
// failed, 0 if none did.
int ExitCodeOf(std::span<const JobResult> results);

}  // namespace gan::core

#endif  // GAN_TASKS_BATCH_H_
