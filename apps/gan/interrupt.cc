#include "interrupt.h"

#include <signal.h>
#include <unistd.h>

#include "gan/error.h"

namespace gan::cli {
namespace {

CancelFlag& Flag() {
  // Never destroyed: a signal may arrive while the process is ending.
  static CancelFlag* flag = new CancelFlag;
  return *flag;
}

CancelFlag* flag_for_handler = nullptr;

extern "C" void OnSignal(int) {
  if (!flag_for_handler->cancelled()) {
    flag_for_handler->Cancel();
    return;
  }
  RemoveTemporaryFiles();
  _exit(static_cast<int>(ErrorCode::kInterrupted));
}

}  // namespace

void HandleInterrupts() {
  flag_for_handler = &Flag();
  struct sigaction action {};
  action.sa_handler = OnSignal;
  action.sa_flags = SA_RESTART;
  for (const int which : {SIGINT, SIGTERM, SIGHUP}) sigaction(which, &action, nullptr);
  // A file that reaches its size limit is an error of write() like a full disk, not the end.
  signal(SIGXFSZ, SIG_IGN);
}

const CancelFlag& Interrupted() { return Flag(); }

}  // namespace gan::cli
