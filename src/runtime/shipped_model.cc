#include "runtime/shipped_model.h"

#include <cstdlib>

#include "base/error.h"
#include "runtime/own_folder.h"

namespace gan::core {

namespace fs = std::filesystem;

std::vector<fs::path> ShippedModelFolders() {
  std::vector<fs::path> folders;
  if (const char* chosen = std::getenv("GAN_MODELS"); chosen != nullptr && *chosen != '\0') {
    folders.emplace_back(chosen);
  }
  fs::path own = OwnFolder();
  if (!own.empty()) folders.push_back(own / "models");
  // A program lies one below the prefix, a library or plug-in up to three.
  for (int up = 0; up < 3 && own.has_relative_path(); ++up) {
    own = own.parent_path();
    folders.push_back(own / "share/gan/models");
  }
#ifdef GAN_SOURCE_MODELS
  folders.emplace_back(GAN_SOURCE_MODELS);
#endif
  return folders;
}

fs::path FindShippedModel(std::string_view name) {
  GAN_ASSERT(name.find('/') == name.npos);
  std::string looked;
  for (const fs::path& folder : ShippedModelFolders()) {
    std::error_code error;
    if (fs::is_regular_file(folder / name, error)) return folder / name;
    looked += (looked.empty() ? "" : ", ") + folder.string();
  }
  Fail(ErrorCode::kNoInput, "models", "{} is part of gan, but is in none of {}: set GAN_MODELS",
       Printable(name), Printable(looked, 1000));
}

}  // namespace gan::core
