#include "program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include "formats/safetensors.h"
#include "models/model.h"

namespace gan::testing {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// Between fork and exec: nothing here may allocate more than it must.
[[noreturn]] void Become(const std::vector<std::string>& arguments, const RunOptions& options,
                         const std::string& out, const std::string& err) {
  const int out_file = open(out.c_str(), O_WRONLY | O_CREAT, 0600);
  const int err_file = open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int in_file = open("/dev/null", O_RDONLY);
  if (out_file < 0 || err_file < 0 || in_file < 0) _exit(127);
  dup2(in_file, 0);
  dup2(out_file, 1);
  dup2(err_file, 2);
  if (options.file_limit > 0) {
    const rlimit limit = {options.file_limit, options.file_limit};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  for (const std::string& entry : options.environment) putenv(const_cast<char*>(entry.c_str()));
  std::vector<char*> argv = {const_cast<char*>("gan")};
  for (const std::string& a : arguments) argv.push_back(const_cast<char*>(a.c_str()));
  argv.push_back(nullptr);
  execv(ProgramPath(), argv.data());
  _exit(127);
}

bool IsBusy(const fs::path& folder) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().filename().string().find(".part") != std::string::npos) return true;
  }
  return false;
}

int WaitFor(pid_t child, const RunOptions& options) {
  const Clock::time_point deadline = Clock::now() + std::chrono::minutes(2);
  int to_send = options.interrupts;
  int status = 0;
  while (waitpid(child, &status, WNOHANG) == 0) {
    if (to_send > 0 && IsBusy(options.interrupt_when_busy)) {
      kill(child, SIGINT);
      --to_send;
      std::this_thread::sleep_for(milliseconds(20));
    }
    if (Clock::now() > deadline) {
      ADD_FAILURE() << "still running after two minutes";
      kill(child, SIGKILL);
    }
    std::this_thread::sleep_for(milliseconds(1));
  }
  return status;
}

}  // namespace

const char* ProgramPath() { return GAN_PROGRAM; }

Outcome RunGan(const std::vector<std::string>& arguments, const RunOptions& options) {
  const Folder scratch;
  const std::string out =
      options.standard_output.empty() ? scratch / "out" : options.standard_output;
  const std::string err = scratch / "err";
  const Clock::time_point start = Clock::now();
  const pid_t child = fork();
  if (child == 0) Become(arguments, options, out, err);
  const int status = WaitFor(child, options);

  Outcome outcome;
  outcome.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  if (WIFEXITED(status)) outcome.code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) outcome.signal = WTERMSIG(status);
  if (options.standard_output.empty()) outcome.out = ReadAll(out);
  outcome.err = ReadAll(err);
  return outcome;
}

void ExpectOneLine(const Outcome& outcome, int code) {
  EXPECT_EQ(outcome.signal, 0);
  EXPECT_EQ(outcome.code, code) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err.rfind("gan: [", 0), 0u) << outcome.err;
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
  EXPECT_TRUE(!outcome.err.empty() && outcome.err.back() == '\n');
  for (const char c : outcome.err) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
}

Folder::Folder() {
  static std::atomic<int> counter{0};
  path_ = fs::temp_directory_path() /
          ("gan_test_" + std::to_string(getpid()) + "_" + std::to_string(counter++));
  fs::create_directories(path_);
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::vector<std::string> Folder::files() const {
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(path_)) {
    if (!entry.is_directory()) found.push_back(fs::relative(entry.path(), path_).string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::string Shared(const std::string& name) {
  const fs::path path = fs::path(GAN_SHARED_DIR) / name;
  return fs::exists(path) ? path.string() : "";
}

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void WriteAll(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

nlohmann::json Doctor() { return nlohmann::json::parse(RunGan({"doctor", "--json"}).out); }

std::vector<std::string> CpuTargets() { return Doctor()["cpu_targets"]; }

std::string WriteModel(const std::string& path) {
  const core::Model model =
      core::BuildRandom("compact", {{"num_feat", 8}, {"num_conv", 2}, {"upscale", 2}}, 7);
  core::WriteSafetensors(path, model.parameters);
  return path;
}

}  // namespace gan::testing
