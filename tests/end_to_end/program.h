// Runs the built program as a user would, in a folder of its own.
#ifndef GAN_TESTS_END_TO_END_PROGRAM_H_
#define GAN_TESTS_END_TO_END_PROGRAM_H_

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace gan::testing {

struct Outcome {
  int code = -1;   // exit code; -1 when a signal ended it
  int signal = 0;  // 0 when it exited
  std::string out;
  std::string err;
  double seconds = 0;
};

struct RunOptions {
  std::vector<std::string> environment;  // "GAN_CPU_TARGET=avx2", beside what this process has
  std::string standard_output;           // a file to write to instead of Outcome::out
  uint64_t file_limit = 0;               // bytes that a written file may have; 0: any
  // Sends SIGINT so many times once a file whose name holds ".gan-" or the like appears in this
  // folder: the program is in the midst of writing then.
  std::filesystem::path interrupt_when_busy;
  int interrupts = 0;
};

// The program that is tested.
const char* ProgramPath();

// Ends it after two minutes.
Outcome RunGan(const std::vector<std::string>& arguments, const RunOptions& options = {});

// Failed as a user wants it: that code, nothing on standard output, one line on standard error that
// begins "gan: [" and is fit for a terminal.
void ExpectOneLine(const Outcome& outcome, int code);

// A folder that is removed at the end. Names of files in it by operator/.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  const std::filesystem::path& path() const { return path_; }
  std::vector<std::string> files() const;  // all below it, relative, sorted

 private:
  std::filesystem::path path_;
};

// The path of a file of the reference data; "" where it is not there.
std::string Shared(const std::string& name);

std::string ReadAll(const std::string& path);
void WriteAll(const std::string& path, const std::string& bytes);

nlohmann::json Doctor();                // what `gan doctor --json` says
std::vector<std::string> CpuTargets();  // of it

// A small compact generator with random weights, x2, written to `path`.
std::string WriteModel(const std::string& path);

}  // namespace gan::testing

// For tests that compare with reference data.
#define GAN_NEEDS_SHARED(name)              \
  if (::gan::testing::Shared(name).empty()) \
  GTEST_SKIP() << "needs ../shared/" << (name) << ", which is not here"

#endif  // GAN_TESTS_END_TO_END_PROGRAM_H_
