#include "runs/checkpoint_file.h"

#define XXH_INLINE_ALL  // the header alone: nothing to link
#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "formats/limits.h"
#include "formats/safetensors.h"

namespace gan::core {
namespace {

constexpr size_t kDigits = 32;
// The quotes make it unique: inside of a JSON text they would be escaped.
constexpr std::string_view kHashKey = R"("gan.hash":")";

class Hasher {
 public:
  Hasher() : state_(XXH3_createState()) {
    if (!state_) throw std::bad_alloc();
    XXH3_128bits_reset(state_.get());
  }

  void Add(std::span<const std::byte> bytes) {
    XXH3_128bits_update(state_.get(), bytes.data(), bytes.size());
  }
  void Add(std::string_view text) { Add(std::as_bytes(std::span(text))); }

  std::string Digits() const {
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state_.get()));
    std::string out;
    for (const unsigned char byte : canonical.digest) out += fmt::format("{:02x}", byte);
    return out;
  }

 private:
  struct Free {
    void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
  };
  std::unique_ptr<XXH3_state_t, Free> state_;
};

// Where the digits begin; nothing when they are not there.
size_t FindDigits(std::string_view head) {
  const size_t key = head.find(kHashKey);
  if (key == std::string_view::npos || head.size() - key < kHashKey.size() + kDigits) {
    return std::string_view::npos;
  }
  return key + kHashKey.size();
}

}  // namespace

void WriteRunCheckpoint(const std::filesystem::path& path, const NamedTensors& tensors,
                        std::string_view state) {
  const std::string where = Printable(path.native(), 500);
  SafetensorsLayout layout = LayOutSafetensors(
      where, tensors, {{"gan.hash", std::string(kDigits, '0')}, {"gan.state", std::string(state)}});
  // It must never write what it would not read.
  if (layout.head.size() > Limits{}.safetensors_header) {
    Fail(ErrorCode::kInternal, where, "wants a header of {} bytes, at most {} are read",
         layout.head.size(), Limits{}.safetensors_header);
  }
  const size_t digits = FindDigits(layout.head);
  GAN_ASSERT(digits != std::string::npos);
  Hasher hasher;
  hasher.Add(layout.head);
  for (const std::span<const std::byte> bytes : layout.data) hasher.Add(bytes);
  layout.head.replace(digits, kDigits, hasher.Digits());
  AtomicFile file(path);
  file.Write(layout.head);
  for (const std::span<const std::byte> bytes : layout.data) file.Write(bytes);
  file.Commit();
}

RunCheckpoint ReadRunCheckpoint(const ByteSource& source) {
  std::vector<std::byte> bytes = source.ReadAt(0, source.size());
  uint64_t header = 0;
  if (bytes.size() >= sizeof header) std::memcpy(&header, bytes.data(), sizeof header);
  if (header == 0 || header > bytes.size() - sizeof header ||
      header > Limits{}.safetensors_header) {
    Fail(ErrorCode::kBadData, source.name(), "wants a checkpoint of a run; it is cut or damaged");
  }
  const std::string_view head(reinterpret_cast<const char*>(bytes.data()), sizeof header + header);
  const size_t digits = FindDigits(head);
  if (digits == std::string_view::npos) {
    Fail(ErrorCode::kBadData, source.name(),
         "has no \"gan.hash\": it is damaged, or not the checkpoint of a run");
  }
  const std::string written(head.substr(digits, kDigits));
  std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(digits), kDigits, std::byte{'0'});
  Hasher hasher;
  hasher.Add(bytes);
  // Compared as text: a digit of the other case is a flipped bit too.
  if (hasher.Digits() != written) {
    Fail(ErrorCode::kBadData, source.name(),
         "has the checksum {}, \"{}\" was written: it is damaged or cut", hasher.Digits(),
         Printable(written));
  }
  Checkpoint content = ReadSafetensors(MemorySource(source.name(), bytes), ReadOptions{});
  const auto state = content.metadata.find("gan.state");
  if (state == content.metadata.end()) {
    Fail(ErrorCode::kBadData, source.name(), "has no \"gan.state\": not the checkpoint of a run");
  }
  return {std::move(content.tensors), std::move(state->second)};
}

RunCheckpoint ReadRunCheckpoint(const std::filesystem::path& path) {
  return ReadRunCheckpoint(FileSource(path, Limits{}.file_bytes));
}

}  // namespace gan::core
