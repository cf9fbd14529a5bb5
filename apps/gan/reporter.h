// What the user sees while a command works: a line that moves on a terminal, plain lines
// elsewhere, JSON lines when asked for.
#ifndef GAN_APPS_GAN_REPORTER_H_
#define GAN_APPS_GAN_REPORTER_H_

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "command.h"

namespace gan::cli {

using Json = nlohmann::ordered_json;

// Results go to standard output, progress and errors to standard error.
// Thread safety: one call at a time, from any thread.
class Reporter {
 public:
  explicit Reporter(const Common& common);
  ~Reporter();
  Reporter(const Reporter&) = delete;
  Reporter& operator=(const Reporter&) = delete;

  bool json() const { return json_; }

  // A new piece of work, called `name` in what follows: the clock of its estimate starts.
  void Begin(const std::string& name);
  // Its finished share, 0 to 1. Shown a few times a second at most.
  void Progress(double finished);

  // Work that has a line of its own to show, as Progress() shows its share. True when it was shown:
  // it was time for it. Under --json nothing is drawn, but it may be time for an event.
  bool Line(const std::string& line);

  void Result(const std::string& line);      // for people; nothing under --json and --quiet
  void Event(const Json& event);             // for programs; only under --json
  void Warning(const std::string& message);  // standard error; nothing under --quiet and --json
  void Error(const std::string& message);

 private:
  using Clock = std::chrono::steady_clock;
  bool IsTime();
  void Draw(std::string line);
  void Erase();

  bool json_;
  bool quiet_;
  bool terminal_;
  bool drawn_ = false;
  std::string name_;
  Clock::time_point begun_;
  Clock::time_point shown_;
};

// "42 %, 12 s left"; the estimate once there is one: after a second of work.
std::string ProgressText(double finished, double elapsed_seconds);

// Writes what is still buffered for standard output. Error kIo: it cannot take it (disk full).
void FlushResults();

}  // namespace gan::cli

#endif  // GAN_APPS_GAN_REPORTER_H_
