#include "runtime/own_folder.h"

#include <dlfcn.h>
#include <link.h>

namespace gan::core {

namespace fs = std::filesystem;

fs::path OwnFolder() {
  Dl_info info{};
  link_map* loaded = nullptr;
  if (dladdr1(reinterpret_cast<const void*>(&OwnFolder), &info, reinterpret_cast<void**>(&loaded),
              RTLD_DL_LINKMAP) == 0) {
    return {};
  }
  // The program itself has no name there, and the one it was called by might lead to a stranger's
  // file in the working folder.
  const fs::path self = loaded->l_name[0] == '\0' ? "/proc/self/exe" : loaded->l_name;
  std::error_code error;
  const fs::path file = fs::canonical(self, error);
  return error ? fs::path() : file.parent_path();
}

}  // namespace gan::core
