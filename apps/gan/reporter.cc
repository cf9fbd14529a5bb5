#include "reporter.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cmath>

#include "gan/error.h"
#include "text.h"

namespace gan::cli {
namespace {

double SecondsBetween(std::chrono::steady_clock::time_point from,
                      std::chrono::steady_clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

size_t TerminalColumns() {
  winsize size{};
  const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

}  // namespace

Reporter::Reporter(const Common& common)
    : json_(common.json), quiet_(common.quiet), terminal_(isatty(STDERR_FILENO) == 1) {}

Reporter::~Reporter() { Erase(); }

void Reporter::Begin(const std::string& name) {
  name_ = Shown(name);
  begun_ = shown_ = Clock::now();
  if (terminal_ && !quiet_ && !json_) Draw(name_ + "  " + ProgressText(0, 0));
}

bool Reporter::IsTime() {
  // Seconds between two lines: for an eye on a terminal, a program, a log.
  const double pause = json_ ? 0.5 : terminal_ ? 0.1 : 10;
  const Clock::time_point now = Clock::now();
  if ((quiet_ && !json_) || SecondsBetween(shown_, now) < pause) return false;
  shown_ = now;
  return true;
}

void Reporter::Progress(double finished) {
  if (finished >= 1 || !IsTime()) return;
  const double elapsed = SecondsBetween(begun_, shown_);
  if (json_) {
    Json event = {{"event", "progress"}, {"name", name_}, {"finished", finished}};
    if (finished > 0) event["remaining_seconds"] = elapsed * (1 - finished) / finished;
    Event(event);
  } else {
    Draw(name_ + "  " + ProgressText(finished, elapsed));
  }
}

bool Reporter::Line(const std::string& line) {
  if (!IsTime()) return false;
  if (!json_) Draw(line);
  return true;
}

void Reporter::Draw(std::string line) {
  if (!terminal_) {
    std::fprintf(stderr, "%s\n", line.c_str());
    return;
  }
  // A line that wraps could not be taken back. The end holds the figures, so the start gives way.
  const size_t columns = TerminalColumns() - 1;
  if (line.size() > columns) {
    size_t cut = line.size() - columns + 3;
    while ((line[cut] & 0xC0) == 0x80) ++cut;  // not inside a UTF-8 character
    line = "..." + line.substr(cut);
  }
  std::fprintf(stderr, "\r%s\x1b[K", line.c_str());
  std::fflush(stderr);
  drawn_ = true;
}

void Reporter::Erase() {
  if (drawn_) std::fputs("\r\x1b[K", stderr);
  drawn_ = false;
}

void Reporter::Result(const std::string& line) {
  Erase();
  if (quiet_ || json_) return;
  std::fprintf(stdout, "%s\n", line.c_str());
  std::fflush(stdout);
}

void Reporter::Event(const Json& event) {
  if (!json_) return;
  const std::string line = event.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::fprintf(stdout, "%s\n", line.c_str());
  std::fflush(stdout);
}

void Reporter::Warning(const std::string& message) {
  Erase();
  if (quiet_ || json_) return;
  std::fprintf(stderr, "gan: %s\n", message.c_str());
}

void Reporter::Error(const std::string& message) {
  Erase();
  std::fprintf(stderr, "gan: %s\n", message.c_str());
}

std::string ProgressText(double finished, double elapsed_seconds) {
  std::string text = std::to_string(static_cast<int>(std::floor(finished * 100))) + " %";
  if (elapsed_seconds >= 1 && finished > 0.005) {
    const double left = std::ceil(elapsed_seconds * (1 - finished) / finished);
    text += ", " + (left < 60 ? Number(left) + " s" : Duration(left)) + " left";
  }
  return text;
}

void FlushResults() {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return;
  throw gan::Error(ErrorCode::kIo,
                   std::string("[standard output] cannot be written: ") + std::strerror(errno));
}

}  // namespace gan::cli
