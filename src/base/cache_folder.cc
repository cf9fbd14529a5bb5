#include "base/cache_folder.h"

#include <cstdlib>

namespace gan::core {

std::filesystem::path CacheFolder() {
  const auto variable = [](const char* name) -> std::filesystem::path {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
  };
  if (const auto cache = variable("XDG_CACHE_HOME"); cache.is_absolute()) return cache / "gan";
  const auto home = variable("HOME");
  return home.empty() ? home : home / ".cache/gan";
}

}  // namespace gan::core
