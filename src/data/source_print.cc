#include "data/source_print.h"

#include <sys/stat.h>

#include <algorithm>
#include <string>
#include <system_error>
#include <vector>

#include "base/error.h"
#include "data/picture_store.h"
#include "data/sum.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

// Empty when it has gone.
std::string LineOf(const fs::path& path, const std::string& name) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) return "";
  const bool is_folder = S_ISDIR(info.st_mode);
  // Folders by name alone: their times change with what does not matter (a picture viewer's files).
  if (is_folder) return name + "/\n";
  return fmt::format("{} {} {}.{}\n", name, info.st_size, info.st_mtim.tv_sec,
                     info.st_mtim.tv_nsec);
}

std::vector<std::string> LinesOfFolder(const fs::path& path) {
  std::vector<std::string> lines;
  std::error_code error;
  fs::recursive_directory_iterator walk(path, fs::directory_options::skip_permission_denied, error);
  for (; !error && walk != fs::recursive_directory_iterator(); walk.increment(error)) {
    const std::string name = walk->path().lexically_relative(path).native();
    // A cache in the folder of the data itself must not make it look changed.
    if (!IsHidden(name) && !name.ends_with(".gandata")) lines.push_back(LineOf(walk->path(), name));
  }
  return lines;
}

// Labels may lie beside a file, under names that its reader knows.
std::vector<std::string> LinesAround(const fs::path& path) {
  std::vector<std::string> lines = {LineOf(path, path.filename().native())};
  std::error_code error;
  for (const auto& entry :
       fs::directory_iterator(path.parent_path().empty() ? "." : path.parent_path(), error)) {
    const std::string name = entry.path().filename().native();
    if (name.find("label") != std::string::npos || name.ends_with(".meta.txt")) {
      lines.push_back(LineOf(entry.path(), name));
    }
  }
  return lines;
}

}  // namespace

uint64_t SourcePrint(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) {
    Fail(ErrorCode::kNoInput, Printable(path.native(), 500), "is not there; a data set is wanted");
  }
  std::vector<std::string> lines =
      fs::is_directory(status) ? LinesOfFolder(path) : LinesAround(path);
  std::ranges::sort(lines);
  std::string all;
  for (const std::string& line : lines) all += line;
  return SumOf(all);
}

}  // namespace gan::core
