#include "runtime/plugin.h"

#include <dlfcn.h>

#include <cstdlib>

#include "base/error.h"
#include "runtime/own_folder.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

void* Load(std::string_view name) {
  const std::string file = fmt::format("libgan_{}.so", name);
  for (const fs::path& folder : PluginFolders()) {
    const fs::path path = folder / file;
    std::error_code error;
    if (!fs::is_regular_file(path, error)) continue;
    // Local: its libraries' symbols must not get between the program and its own.
    if (void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) return library;
    Fail(ErrorCode::kConfiguration, "backend", "\"{}\" cannot be loaded: {}",
         Printable(path.string()), Printable(dlerror(), 400));
  }
  Fail(ErrorCode::kConfiguration, "backend",
       "this build has no \"{}\" plug-in: {} is neither beside the program nor in GAN_PLUGIN_DIR{}",
       Printable(name), Printable(file),
       name == "torch" || name == "training"
           ? "; build with -DGAN_TRAINING=ON, which needs LibTorch"
       : name == "video"
           ? "; MP4 and APNG want a build with FFmpeg's libraries, .webp and .gif do not"
           : "");
}

}  // namespace

std::vector<fs::path> PluginFolders() {
  std::vector<fs::path> folders;
  if (const char* chosen = std::getenv("GAN_PLUGIN_DIR"); chosen != nullptr && *chosen != '\0') {
    folders.emplace_back(chosen);
  }
  if (const fs::path own = OwnFolder(); !own.empty()) {
    folders.push_back(own / "gan");
    folders.push_back((own / GAN_PLUGINS_FROM_PROGRAM).lexically_normal());
  }
#ifdef GAN_BUILD_PLUGINS
  folders.emplace_back(GAN_BUILD_PLUGINS);
#endif
  return folders;
}

void* LoadPluginFunction(std::string_view name, const char* symbol) {
  void* function = dlsym(Load(name), symbol);
  if (function != nullptr) return function;
  Fail(ErrorCode::kConfiguration, "plug-in", "libgan_{}.so is no plug-in of gan: it has no {}",
       Printable(name), symbol);
}

std::unique_ptr<Backend> LoadBackendPlugin(std::string_view name, const PluginOptions& options) {
  const auto create =
      reinterpret_cast<CreateBackendFunction*>(LoadPluginFunction(name, "GanCreateBackend"));
  return std::unique_ptr<Backend>(create(GAN_PLUGIN_VERSION, &options));
}

const char* PluginVersion() { return GAN_PLUGIN_VERSION; }

void CheckPluginVersion(std::string_view of_program) {
  if (of_program == GAN_PLUGIN_VERSION) return;
  Fail(ErrorCode::kConfiguration, "backend",
       "this backend belongs to gan {}, the program is gan {}: install both from one build",
       GAN_PLUGIN_VERSION, Printable(of_program));
}

}  // namespace gan::core
