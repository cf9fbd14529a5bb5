#include "tasks/batch.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <new>
#include <string>
#include <vector>

#include "base/error.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

// A folder of empty files, gone at the end.
class Batch : public ::testing::Test {
 protected:
  Batch() : root_(fs::temp_directory_path() / ("gan-batch-" + std::to_string(getpid()))) {
    fs::remove_all(root_);
    for (const char* name : {"in/b.png", "in/a.JPG", "in/notes.txt", "in/.hidden.png",
                             "in/deep/c.webp", "in/deep/er/d.tif", "other/a.JPG"}) {
      Touch(name);
    }
  }
  ~Batch() override { fs::remove_all(root_); }

  void Touch(const std::string& name) const {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name) << "x";
  }

  // "input > output" a job, both relative to the folder.
  std::vector<std::string> Plan(const std::vector<std::string>& names,
                                BatchOptions options = {}) const {
    std::vector<std::string> inputs, lines;
    for (const std::string& name : names) inputs.push_back((root_ / name).native());
    if (options.output) options.output = root_ / *options.output;
    for (const BatchJob& job : PlanBatch(inputs, options)) {
      lines.push_back(job.input.lexically_relative(root_).native() + (job.skip ? " | " : " > ") +
                      job.output.lexically_relative(root_).native());
    }
    return lines;
  }

  ErrorCode CodeOf(const std::vector<std::string>& names, const BatchOptions& options = {}) const {
    try {
      Plan(names, options);
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode{};
  }

  fs::path root_;
};

using Lines = std::vector<std::string>;

TEST_F(Batch, OutputsStandBesideTheirInputs) {
  EXPECT_EQ(Plan({"in/b.png"}), Lines{"in/b.png > in/b_x4.png"});
  EXPECT_EQ(Plan({"in/b.png"}, {.suffix = "-big", .format = PictureFormat::kJpeg}),
            Lines{"in/b.png > in/b-big.jpg"});
  EXPECT_EQ(Plan({"in/a.JPG"}, {.format = PictureFormat::kJpeg}), Lines{"in/a.JPG > in/a_x4.JPG"});
  EXPECT_EQ(Plan({"in/notes.txt"}), Lines{"in/notes.txt > in/notes_x4.png"});
}

TEST_F(Batch, FoldersGiveTheirPictures) {
  EXPECT_EQ(Plan({"in"}), (Lines{"in/a.JPG > in/a_x4.JPG", "in/b.png > in/b_x4.png"}));
  EXPECT_EQ(Plan({"in"}, {.recursive = true}).size(), 4u);
  EXPECT_EQ(CodeOf({"in/deep/er/nothing"}), ErrorCode{});  // fails as it runs, not here
  fs::create_directories(root_ / "empty");
  EXPECT_EQ(CodeOf({"empty"}), ErrorCode::kNoInput);
}

TEST_F(Batch, TreesAreMirrored) {
  const BatchOptions options{.output = "out", .recursive = true};
  EXPECT_EQ(Plan({"in"}, options),
            (Lines{"in/a.JPG > out/a.JPG", "in/b.png > out/b.png",
                   "in/deep/c.webp > out/deep/c.webp", "in/deep/er/d.tif > out/deep/er/d.tif"}));
}

TEST_F(Batch, OneFileToAFileOrAFolder) {
  EXPECT_EQ(Plan({"in/b.png"}, {.output = "x.jpg"}), Lines{"in/b.png > x.jpg"});
  EXPECT_EQ(Plan({"in/b.png"}, {.output = "new/"}), Lines{"in/b.png > new/b.png"});
  EXPECT_EQ(Plan({"in/b.png"}, {.output = "other", .suffix = "_y"}),
            Lines{"in/b.png > other/b_y.png"});
  EXPECT_EQ(CodeOf({"in/b.png", "in/a.JPG"}, {.output = "x.jpg"}), ErrorCode::kUsage);
  EXPECT_EQ(CodeOf({"in"}, {.output = "other/a.JPG"}), ErrorCode::kUsage);
}

TEST_F(Batch, PatternsAreExpanded) {
  EXPECT_EQ(Plan({"*/a.*"}), (Lines{"in/a.JPG > in/a_x4.JPG", "other/a.JPG > other/a_x4.JPG"}));
  EXPECT_EQ(Plan({"in/*.gif"}), Lines{"in/*.gif > in/*_x4.png"});
  Touch("in/[1].png");
  EXPECT_EQ(Plan({"in/[1].png"}), Lines{"in/[1].png > in/[1]_x4.png"});
}

TEST_F(Batch, CollisionsAreFoundBeforeTheWork) {
  EXPECT_EQ(CodeOf({"in/a.JPG", "other/a.JPG"}, {.output = "out"}), ErrorCode::kUsage);
  Touch("in/b.webp");
  EXPECT_EQ(CodeOf({"in"}, {.format = PictureFormat::kPng}), ErrorCode::kUsage);
}

TEST_F(Batch, InputsAreNotReplacedUnlessAsked) {
  BatchOptions options{.output = "in/b.png"};
  EXPECT_EQ(CodeOf({"in/b.png"}, options), ErrorCode::kUsage);
  options.overwrite_inputs = true;
  EXPECT_EQ(Plan({"in/b.png"}, options), Lines{"in/b.png > in/b.png"});
  fs::create_symlink(root_ / "in", root_ / "link");
  EXPECT_EQ(CodeOf({"in/b.png"}, {.output = "link"}), ErrorCode::kUsage);
  Touch("in/b_x4.png");
  EXPECT_EQ(CodeOf({"in/b.png", "in/b_x4.png"}), ErrorCode::kUsage);
}

TEST_F(Batch, ASecondRunTakesNoOutputsForInputs) {
  const Lines first = Plan({"in"});
  Touch("in/b_x4.png");
  Touch("in/b_x4_x4.png");
  EXPECT_EQ(Plan({"in"}), first);
  Touch("in/out/b.png");
  EXPECT_EQ(Plan({"in"}, {.output = "in/out", .recursive = true}).size(), 6u);
}

TEST_F(Batch, TheSameFileTwiceIsOneJob) {
  EXPECT_EQ(Plan({"in/b.png", "in/../in/b.png", "in/b*"}).size(), 1u);
}

TEST_F(Batch, SkipsWhatIsThere) {
  Touch("in/b_x4.png");
  EXPECT_EQ(Plan({"in/b.png"}, {.skip_existing = true}), Lines{"in/b.png | in/b_x4.png"});
  EXPECT_EQ(Plan({"in/a.JPG"}, {.skip_existing = true}), Lines{"in/a.JPG > in/a_x4.JPG"});
}

TEST_F(Batch, OneBadFileDoesNotStopTheRest) {
  const std::vector<BatchJob> jobs{{"1", root_ / "made/for/1"},
                                   {"2", root_ / "2"},
                                   {"3", root_ / "3"},
                                   {"4", root_ / "4", true},
                                   {"5", root_ / "in/b.png/5"}};
  std::vector<size_t> started, finished;
  const std::vector<JobResult> results =
      RunBatch(jobs,
               [](const BatchJob& job) {
                 if (job.input == "2") Fail(ErrorCode::kBadData, "2", "is broken");
                 if (job.input == "3") throw std::bad_alloc();
               },
               {.start = [&](size_t i, const BatchJob&) { started.push_back(i); },
                .finish = [&](size_t i, const JobResult&) { finished.push_back(i); }});
  ASSERT_EQ(results.size(), 5u);
  EXPECT_EQ(results[0].status, JobStatus::kDone);
  EXPECT_TRUE(fs::is_directory(root_ / "made/for"));
  EXPECT_EQ(results[1].code, ErrorCode::kBadData);
  EXPECT_EQ(results[1].message, "[2] is broken");
  EXPECT_EQ(results[2].code, ErrorCode::kInternal);
  EXPECT_EQ(results[3].status, JobStatus::kSkipped);
  EXPECT_EQ(results[4].code, ErrorCode::kCannotCreate);
  EXPECT_EQ(started, (std::vector<size_t>{0, 1, 2, 4}));
  EXPECT_EQ(finished.size(), 5u);
  EXPECT_EQ(ExitCodeOf(results), 65);
  EXPECT_EQ(ExitCodeOf(std::span(results).first(1)), 0);
}

TEST_F(Batch, AnInterruptionEndsAll) {
  const std::vector<BatchJob> jobs{{"1", root_ / "1"}, {"2", root_ / "2"}, {"3", root_ / "3"}};
  CancelFlag cancel;
  int runs = 0;
  const auto work = [&](const BatchJob& job) {
    ++runs;
    if (job.input != "2") return;
    cancel.Cancel();
    cancel.ThrowIfCancelled();
  };
  const std::vector<JobResult> results = RunBatch(jobs, work, {}, &cancel);
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(results[0].status, JobStatus::kDone);
  EXPECT_EQ(results[1].status, JobStatus::kInterrupted);
  EXPECT_EQ(results[2].status, JobStatus::kInterrupted);
  EXPECT_EQ(ExitCodeOf(results), 130);
}

}  // namespace
}  // namespace gan::core
