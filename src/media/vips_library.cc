#include "media/vips_library.h"

#include <algorithm>
#include <mutex>

#include "base/error.h"
#include "base/log.h"

namespace gan::core {
namespace {

// libvips prints its warnings to standard error unless somebody takes them.
void TakeWarning(const gchar*, GLogLevelFlags, const gchar* message, gpointer) {
  Log().debug("libvips: {}", Printable(message ? message : "", 300));
}

}  // namespace

void StartVips() {
  static std::once_flag once;
  std::call_once(once, [] {
    g_log_set_handler("VIPS", static_cast<GLogLevelFlags>(G_LOG_LEVEL_WARNING | G_LOG_LEVEL_INFO),
                      TakeWarning, nullptr);
    if (VIPS_INIT("gan") != 0) {
      Fail(ErrorCode::kConfiguration, "libvips", "does not start: {}", TakeVipsError());
    }
    vips_block_untrusted_set(TRUE);
    vips_cache_set_max(0);
    vips_concurrency_set(1);
  });
}

std::string TakeVipsError() {
  char* text = vips_error_buffer_copy();
  std::string line = text ? text : "";
  g_free(text);
  // The first two lines hold the cause, those after it what failed because of it.
  const size_t second = line.find('\n');
  if (second != std::string::npos) {
    line.resize(std::min(line.find('\n', second + 1), line.size()));
    line.replace(second, 1, second + 1 < line.size() ? "; " : "");
  }
  return line.empty() ? "no reason given" : Printable(line, 300);
}

}  // namespace gan::core
