// What tests of `gan train` need beside program.h: a tiny data set, a recipe for it, and runs that
// go on in the background.
#ifndef GAN_TESTS_END_TO_END_TRAIN_FILES_H_
#define GAN_TESTS_END_TO_END_TRAIN_FILES_H_

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "media/picture.h"
#include "program.h"

namespace gan::testing {

inline constexpr int kClasses = 2;
inline constexpr int kPerClass = 16;
inline constexpr int kBatch = 8;

// A grey picture of 16 x 16, bright on the left in one class and at the top in the other.
inline void WriteGrey(const std::string& path, int label, int number) {
  core::Tensor picture = core::Tensor::Zeros(core::DType::kF32, {1, 16, 16});
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 16; ++x) {
      const int along = label == 0 ? x : y;
      picture.floats()[static_cast<size_t>(y * 16 + x)] =
          along < 4 + number % 8 ? 1.0f - static_cast<float>(number) / 255 : 0.0f;
    }
  }
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  core::WritePicture(path, picture, {});
}

// A folder per class, "left" and "top".
inline void WriteData(const std::string& folder) {
  for (int label = 0; label < kClasses; ++label) {
    for (int i = 0; i < kPerClass; ++i) {
      const std::string name = (label == 0 ? "/left/" : "/top/") + std::to_string(i) + ".png";
      WriteGrey(folder + name, label, i);
    }
  }
}

// For the folder "data" beside it. The rates are constant, so that the total does not matter.
inline constexpr const char* kTinyRecipe = R"(name = "tiny"

[data]
path = "data"
size = 16
channels = 1

[network]
family = "dcgan"
conditional = true
latent = 4
generator_width = 2
discriminator_width = 2

[train]
images = 160
batch = 8
seed = 5
threads = 1

[evaluate]
every = 0

[output]
checkpoint_every = 32
grid_every = 80
grid = 2
log_every = 8
)";

// `gan` with arguments, going on while the test does. Killed at the latest with the object.
class Background {
 public:
  Background(std::vector<std::string> arguments, std::vector<std::string> environment) {
    // Everything is made before the fork: between it and exec nothing may allocate.
    const std::string out = scratch_ / "out", err = scratch_ / "err";
    arguments.insert(arguments.begin(), "gan");
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    std::vector<char*> all;
    for (std::string& entry : environment) all.push_back(entry.data());
    for (char** entry = environ; *entry != nullptr; ++entry) {
      const std::string text = *entry;
      const std::string name = text.substr(0, text.find('=') + 1);
      bool replaced = false;
      for (const std::string& own : environment) replaced |= own.rfind(name, 0) == 0;
      if (!replaced) all.push_back(*entry);
    }
    all.push_back(nullptr);
    const char* const program = ProgramPath();
    pid_ = fork();
    if (pid_ != 0) return;
    const int in_file = open("/dev/null", O_RDONLY);
    const int out_file = open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    const int err_file = open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (in_file < 0 || out_file < 0 || err_file < 0) _exit(127);
    dup2(in_file, 0);
    dup2(out_file, 1);
    dup2(err_file, 2);
    execve(program, argv.data(), all.data());
    _exit(127);
  }
  ~Background() {
    if (!Ended()) Signal(SIGKILL);
    if (!ended_ && pid_ > 0) waitpid(pid_, &status_, 0);
  }
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  pid_t pid() const { return pid_; }
  std::string out() const { return ReadAll(scratch_ / "out"); }
  std::string err() const { return ReadAll(scratch_ / "err"); }

  bool Ended() {
    if (!ended_ && pid_ > 0) ended_ = waitpid(pid_, &status_, WNOHANG) == pid_;
    return ended_;
  }

  void Signal(int which) {
    if (!Ended() && pid_ > 0) kill(pid_, which);
  }

  // Until `ready`, or false: it ended before, or a minute has passed.
  bool WaitUntil(const std::function<bool()>& ready) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!ready()) {
      if (Ended() || std::chrono::steady_clock::now() > deadline) return ready();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
  }

  // To the end. Killed after a minute.
  Outcome Wait() {
    if (!WaitUntil([&] { return Ended(); })) {
      ADD_FAILURE() << "still running after a minute: " << err();
      Signal(SIGKILL);
      waitpid(pid_, &status_, 0);
      ended_ = true;
    }
    Outcome outcome;
    if (WIFEXITED(status_)) outcome.code = WEXITSTATUS(status_);
    if (WIFSIGNALED(status_)) outcome.signal = WTERMSIG(status_);
    outcome.out = out();
    outcome.err = err();
    return outcome;
  }

 private:
  Folder scratch_;
  pid_t pid_ = -1;
  int status_ = 0;
  bool ended_ = false;
};

// A TCP port of this machine that nobody listens at just now.
inline int FreePort() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  int port = 0;
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
      getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0) {
    port = ntohs(address.sin_port);
  }
  close(listener);
  return port;
}

}  // namespace gan::testing

#endif  // GAN_TESTS_END_TO_END_TRAIN_FILES_H_
