// Backends in libraries of their own, loaded only when somebody asks for one.
#ifndef GAN_RUNTIME_PLUGIN_H_
#define GAN_RUNTIME_PLUGIN_H_

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/backend.h"

namespace gan::core {

struct PluginOptions {
  int threads = 0;             // 1 or more; 0 means every processor this process may use
  std::string device = "cpu";  // "cpu", "cuda", "cuda:1"
};

// Loads libgan_NAME.so ("torch") and makes its backend. The library stays loaded until the process
// ends. Looks into the folders of PluginFolders(), in order.
//
// Error kConfiguration when the library is nowhere (a build without it), cannot be loaded, or
// belongs to another version; and what the backend says to the options.
// Thread safety: any number at a time.
std::unique_ptr<Backend> LoadBackendPlugin(std::string_view name, const PluginOptions& options);

// The function `symbol` of libgan_NAME.so, loaded as above. Error kConfiguration likewise, and when
// the library has no such function.
void* LoadPluginFunction(std::string_view name, const char* symbol);

// The folder in the environment variable GAN_PLUGIN_DIR; then, seen from the program or library
// that holds this code, gan/ beside it and ../lib/gan; then, in a developer's build, the build's.
std::vector<std::filesystem::path> PluginFolders();

// A plug-in exports, with C linkage,
//   Backend* GanCreateBackend(const char* version, const PluginOptions* options);
// which throws gan::Error, and calls this first: program and plug-in share C++ types, so both must
// be of one version. Error kConfiguration when they are not.
using CreateBackendFunction = Backend*(const char* version, const PluginOptions* options);
void CheckPluginVersion(std::string_view of_program);
const char* PluginVersion();  // of the code that asks

}  // namespace gan::core

#endif  // GAN_RUNTIME_PLUGIN_H_
