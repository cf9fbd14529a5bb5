#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>

#include <memory>

namespace gan::core {

spdlog::logger& Log() {
  static const std::shared_ptr<spdlog::logger> logger = [] {
    auto made =
        std::make_shared<spdlog::logger>("gan", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("gan: %v");
    made->set_level(spdlog::level::warn);
    return made;
  }();
  return *logger;
}

void SetVerbosity(int level) {
  Log().set_level(level < 0    ? spdlog::level::err
                  : level == 0 ? spdlog::level::warn
                  : level == 1 ? spdlog::level::info
                               : spdlog::level::debug);
}

}  // namespace gan::core
