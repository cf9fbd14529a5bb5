#include "runs/metrics_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/file.h"

namespace gan::core {
namespace {

// Nothing when it is no object with a count of images.
std::optional<int64_t> ImagesOf(std::string_view line) {
  const nlohmann::json parsed = nlohmann::json::parse(line, nullptr, false);
  if (!parsed.is_object()) return std::nullopt;
  const auto images = parsed.find("images");
  if (images == parsed.end() || !images->is_number_integer()) return std::nullopt;
  return images->get<int64_t>();
}

}  // namespace

MetricsLog::MetricsLog(const std::filesystem::path& path, int64_t images)
    : name_(Printable(path.native(), 500)),
      descriptor_(open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666)) {
  if (descriptor_ < 0) {
    Fail(ErrorCode::kCannotCreate, name_, "cannot be opened: {}", std::strerror(errno));
  }
  try {
    CutAfter(images);
    SyncFolder(path.parent_path());
  } catch (...) {
    close(descriptor_);
    throw;
  }
}

MetricsLog::~MetricsLog() {
  if (descriptor_ >= 0) close(descriptor_);
}

void MetricsLog::FailWith(int error) const {
  Fail(ErrorCode::kIo, name_, "cannot be written: {}", std::strerror(error));
}

void MetricsLog::CutAfter(int64_t images) {
  std::string block(size_t{64} << 10, '\0');
  std::string line;
  int64_t read_to = 0, kept = 0;
  for (bool beyond = false; !beyond;) {
    const ssize_t got = pread(descriptor_, block.data(), block.size(), read_to);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) Fail(ErrorCode::kIo, name_, "cannot be read: {}", std::strerror(errno));
    if (got == 0) break;
    read_to += got;
    for (std::string_view left(block.data(), static_cast<size_t>(got)); !left.empty();) {
      const size_t end = left.find('\n');
      line += left.substr(0, end);
      if (end == std::string_view::npos) break;
      left.remove_prefix(end + 1);
      // A line in the middle that cannot be read is left for people to look at.
      beyond = ImagesOf(line).value_or(0) > images;
      if (beyond) break;
      kept += static_cast<int64_t>(line.size()) + 1;
      line.clear();
    }
  }
  const off_t size = lseek(descriptor_, 0, SEEK_END);
  if (size < 0 || (size != kept && ftruncate(descriptor_, kept) != 0)) FailWith(errno);
  size_ = kept;
  Sync();
}

void MetricsLog::Append(int64_t images, const nlohmann::ordered_json& figures) {
  nlohmann::ordered_json object = {{"images", images}};
  object.update(figures);
  const std::string text =
      object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
  for (size_t done = 0; done < text.size();) {
    const ssize_t put = write(descriptor_, text.data() + done, text.size() - done);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) {
      const int error = errno;
      // Half a line would spoil the next.
      [[maybe_unused]] const int cut = ftruncate(descriptor_, size_);
      FailWith(error);
    }
    done += static_cast<size_t>(put);
  }
  size_ += static_cast<int64_t>(text.size());
}

void MetricsLog::Sync() {
  if (fsync(descriptor_) != 0) FailWith(errno);
}

}  // namespace gan::core
