// The folder in which -m finds models by name.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <system_error>

#include "base/error.h"
#include "gan/model.h"
#include "runtime/shipped_model.h"

namespace gan {

namespace fs = std::filesystem;

namespace {

// Extensions that a name may leave out; an ncnn model is named by its .param.
constexpr std::array kExtensions = {".safetensors", ".pth",  ".pt",    ".ckpt",
                                    ".bin",         ".onnx", ".param", ".pkl"};

// What training leaves in the folder of a run, the one to prefer first.
constexpr std::array kInRuns = {"best.safetensors", "generator.safetensors"};

bool IsModel(const fs::path& path) {
  const std::string extension = path.extension().string();
  if (extension == ".bin" && fs::exists(fs::path(path).replace_extension(".param"))) return false;
  return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

// The model of that name, with or without its extension, in a folder; "" where there is none.
std::string ModelIn(const fs::path& folder, const std::string& name) {
  std::error_code ignored;
  if (folder.empty()) return "";
  const fs::path base = folder / name;
  if (fs::is_regular_file(base, ignored)) return base.string();
  for (const char* extension : kExtensions) {
    const std::string path = base.string() + extension;
    if (fs::is_regular_file(path, ignored)) return path;
  }
  return "";
}

std::set<std::string> ModelsIn(const fs::path& folder) {
  std::set<std::string> names;
  std::error_code ignored;  // a folder that cannot be read holds no models
  for (fs::directory_iterator entry(folder, ignored), end; !ignored && entry != end;
       entry.increment(ignored)) {
    if (entry->is_regular_file(ignored) && IsModel(entry->path())) {
      names.insert(entry->path().filename().string());
    }
  }
  return names;
}

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none" : core::Printable(text, 2000);
}

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

std::string ModelFolder() {
  if (const std::string models = Environment("GAN_MODELS"); !models.empty()) return models;
  if (const std::string data = Environment("XDG_DATA_HOME"); !data.empty()) {
    return data + "/gan/models";
  }
  const std::string home = Environment("HOME");
  return home.empty() ? "" : home + "/.local/share/gan/models";
}

std::vector<std::string> ListModels() {
  const std::set<std::string> names = ModelsIn(ModelFolder());
  return {names.begin(), names.end()};
}

std::vector<std::string> ListShippedModels() {
  std::set<std::string> names;
  for (const fs::path& folder : core::ShippedModelFolders()) {
    if (folder != fs::path(ModelFolder())) names.merge(ModelsIn(folder));
  }
  return {names.begin(), names.end()};
}

std::string FindModel(const std::string& name) {
  std::error_code ignored;
  // Anything but a folder counts, so that opening it says what is wrong with it.
  if (fs::exists(name, ignored) && !fs::is_directory(name, ignored)) return name;
  for (const char* file : kInRuns) {
    const fs::path path = fs::path(name) / file;
    if (fs::is_regular_file(path, ignored)) return path.string();
  }
  const std::string folder = ModelFolder();
  const bool plain = !name.empty() && name.find('/') == std::string::npos && name[0] != '.';
  if (plain) {
    std::vector<fs::path> folders = core::ShippedModelFolders();
    folders.insert(folders.begin(), folder);  // the user's own come first
    for (const fs::path& each : folders) {
      if (std::string path = ModelIn(each, name); !path.empty()) return path;
    }
  }
  core::Fail(ErrorCode::kNoInput, core::Printable(name),
             "no such file, and no model of that name; the model folder {} holds {}, and with gan "
             "come {}",
             folder.empty() ? "(unknown: HOME is not set)" : core::Printable(folder),
             Joined(ListModels()), Joined(ListShippedModels()));
}

}  // namespace gan
