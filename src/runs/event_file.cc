#include "runs/event_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <bit>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "base/error.h"
#include "runs/crc32c.h"

// Fixed-size numbers are little-endian in both formats.
static_assert(std::endian::native == std::endian::little);

namespace gan::core {
namespace {

constexpr uint32_t kWireVarint = 0, kWire64 = 1, kWireBytes = 2, kWire32 = 5;
constexpr uint64_t kSessionStart = 1;

template <class T>
void PutFixed(std::string& out, T value) {
  std::array<char, sizeof value> bytes{};
  std::memcpy(bytes.data(), &value, sizeof value);
  out.append(bytes.data(), bytes.size());
}

void PutVarint(std::string& out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

void PutKey(std::string& out, uint32_t field, uint32_t wire) { PutVarint(out, field << 3 | wire); }

void PutNumber(std::string& out, uint32_t field, uint64_t value) {
  PutKey(out, field, kWireVarint);
  PutVarint(out, value);
}

void PutBytes(std::string& out, uint32_t field, std::string_view bytes) {
  PutKey(out, field, kWireBytes);
  PutVarint(out, bytes.size());
  out += bytes;
}

// The start of an Event: when, and at which step.
std::string BeginEvent(int64_t images) {
  using Seconds = std::chrono::duration<double>;
  std::string out;
  PutKey(out, 1, kWire64);
  PutFixed(out, Seconds(std::chrono::system_clock::now().time_since_epoch()).count());
  PutNumber(out, 2, static_cast<uint64_t>(images));
  return out;
}

// CRCs of data that holds CRCs are weak, says the format, so they are stored rotated.
uint32_t MaskedCrc(std::string_view bytes) { return std::rotr(Crc32c(bytes), 15) + 0xA282EAD8U; }

// TensorBoard reads the files of a folder in the order of their names: the seconds come first.
std::filesystem::path NewName(const std::filesystem::path& folder) {
  static std::atomic<int> counter{0};
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0 || host[0] == '\0') host[0] = 'x';
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now).count();
  return folder / fmt::format("events.out.tfevents.{:010}.{}.{}.{}", seconds, host.data(), getpid(),
                              counter.fetch_add(1));
}

}  // namespace

EventFile::EventFile(const std::filesystem::path& folder, int64_t images)
    : path_(NewName(folder)),
      descriptor_(open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666)) {
  if (descriptor_ < 0) {
    Fail(ErrorCode::kCannotCreate, Printable(path_.native(), 500), "cannot be created: {}",
         std::strerror(errno));
  }
  std::string version = BeginEvent(images);
  PutBytes(version, 3, "brain.Event:2");
  std::string start = BeginEvent(images);
  std::string session;
  PutNumber(session, 1, kSessionStart);
  PutBytes(start, 7, session);
  try {
    AddRecord(version);
    if (images > 0) AddRecord(start);
  } catch (...) {
    close(descriptor_);
    throw;
  }
}

EventFile::~EventFile() { close(descriptor_); }

void EventFile::AddScalars(int64_t images, std::span<const Scalar> scalars) {
  std::string summary;
  for (const Scalar& scalar : scalars) {
    std::string value;
    PutBytes(value, 1, scalar.tag);
    PutKey(value, 2, kWire32);
    PutFixed(value, static_cast<float>(scalar.value));
    PutBytes(summary, 1, value);
  }
  AddSummary(images, summary);
}

void EventFile::AddPicture(int64_t images, std::string_view tag, int64_t height, int64_t width,
                           int channels, std::span<const std::byte> png) {
  std::string picture;
  PutNumber(picture, 1, static_cast<uint64_t>(height));
  PutNumber(picture, 2, static_cast<uint64_t>(width));
  PutNumber(picture, 3, static_cast<uint64_t>(channels));
  PutBytes(picture, 4, {reinterpret_cast<const char*>(png.data()), png.size()});
  std::string value;
  PutBytes(value, 1, tag);
  PutBytes(value, 4, picture);
  std::string summary;
  PutBytes(summary, 1, value);
  AddSummary(images, summary);
}

void EventFile::AddSummary(int64_t images, std::string_view summary) {
  std::string event = BeginEvent(images);
  PutBytes(event, 5, summary);
  AddRecord(event);
}

void EventFile::AddRecord(std::string_view event) {
  std::string record;
  PutFixed(record, uint64_t{event.size()});
  PutFixed(record, MaskedCrc(record));
  record += event;
  PutFixed(record, MaskedCrc(event));
  std::string_view left = record;
  while (!left.empty()) {
    const ssize_t put = write(descriptor_, left.data(), left.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) {
      Fail(ErrorCode::kIo, Printable(path_.native(), 500), "cannot be written: {}",
           std::strerror(errno));
    }
    left.remove_prefix(static_cast<size_t>(put));
  }
}

}  // namespace gan::core
