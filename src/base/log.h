// The library's log: warnings and, under -v, why a slow path was taken. Goes to standard error.
#ifndef GAN_BASE_LOG_H_
#define GAN_BASE_LOG_H_

#include <spdlog/logger.h>

namespace gan::core {

// Thread-safe. Level: warnings and above unless SetVerbosity says otherwise.
spdlog::logger& Log();

// -1 errors only, 0 warnings (default), 1 information, 2 debugging.
void SetVerbosity(int level);

}  // namespace gan::core

#endif  // GAN_BASE_LOG_H_
