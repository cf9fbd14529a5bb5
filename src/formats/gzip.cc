#include "formats/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <new>
#include <string_view>

#include "base/checked.h"
#include "base/error.h"

namespace gan::core {
namespace {

constexpr size_t kChunk = 64 << 10;

class Inflater {
 public:
  explicit Inflater(const ByteSource& source) : source_(source) {
    constexpr int kGzipHeader = 16;
    if (inflateInit2(&stream_, MAX_WBITS + kGzipHeader) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // Appends what comes next to `out`, up to kChunk bytes. False at the end.
  bool Inflate(std::vector<std::byte>& out) {
    const size_t before = out.size();
    out.resize(before + kChunk);
    stream_.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream_.avail_out = kChunk;
    int status = Z_OK;
    while (status == Z_OK && stream_.avail_out > 0) {
      if (stream_.avail_in == 0) Refill();
      if (stream_.avail_in == 0) Broken("ends too early; cut short?");
      status = inflate(&stream_, Z_NO_FLUSH);
    }
    out.resize(out.size() - stream_.avail_out);
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    if (status != Z_OK && status != Z_STREAM_END) Broken("is broken");
    if (status == Z_STREAM_END && (stream_.avail_in > 0 || read_ < source_.size())) {
      Broken("has bytes behind its end");
    }
    return status == Z_OK;
  }

 private:
  void Refill() {
    const uint64_t count = std::min<uint64_t>(kChunk, source_.size() - read_);
    packed_ = source_.ReadAt(read_, count);
    read_ += count;
    stream_.next_in = reinterpret_cast<Bytef*>(packed_.data());
    stream_.avail_in = static_cast<uInt>(count);
  }

  [[noreturn]] void Broken(std::string_view what) const {
    Fail(ErrorCode::kBadData, source_.name(), "is a gzip file that {}", what);
  }

  const ByteSource& source_;
  z_stream stream_{};
  std::vector<std::byte> packed_;
  uint64_t read_ = 0;
};

}  // namespace

std::vector<std::byte> InflateGzip(const ByteSource& source, const Limits& limits) {
  uint64_t most = limits.inflated_bytes;
  if (const auto scaled = CheckedMul<uint64_t>(source.size(), limits.zip_ratio)) {
    most = std::min(most, CheckedAdd<uint64_t>(*scaled, limits.zip_slack).value_or(most));
  }
  Inflater inflater(source);
  std::vector<std::byte> out;
  while (inflater.Inflate(out)) {
    if (out.size() > most) {
      Fail(ErrorCode::kBadData, source.name(), "inflates to more than {} bytes: a bomb?", most);
    }
  }
  return out;
}

}  // namespace gan::core
