// Ctrl-C: the first asks the work to stop and clean up, the second leaves at once.
#ifndef GAN_APPS_GAN_INTERRUPT_H_
#define GAN_APPS_GAN_INTERRUPT_H_

#include "gan/progress.h"

namespace gan::cli {

// Takes over SIGINT, SIGTERM and SIGHUP, and ignores SIGXFSZ. Call once.
void HandleInterrupts();

// Set by the first of them. Lives as long as the process.
const CancelFlag& Interrupted();

}  // namespace gan::cli

#endif  // GAN_APPS_GAN_INTERRUPT_H_
