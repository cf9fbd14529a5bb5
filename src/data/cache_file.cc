#include "data/cache_file.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "base/checked.h"
#include "base/error.h"
#include "data/sum.h"

namespace gan::core {
namespace {

constexpr std::string_view kMagic = "GANDATA\n";
constexpr uint32_t kVersion = 1;
constexpr size_t kHeaderBytes = 64;
constexpr size_t kFooterBytes = 32;
constexpr uint32_t kMostSide = 1 << 20;

template <class T>
T Field(std::span<const std::byte> bytes, size_t offset) {
  T value{};
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

template <class T>
void Put(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void PutText(std::string& out, std::string_view text) {
  Put(out, static_cast<uint32_t>(text.size()));
  out += text;
}

[[noreturn]] void Broken(std::string_view what) { Fail(ErrorCode::kBadData, "cache", "{}", what); }

// Takes the table apart; every length is checked against what is left.
class TableReader {
 public:
  explicit TableReader(std::span<const std::byte> left) : left_(left) {}

  std::span<const std::byte> Take(uint64_t bytes) {
    if (bytes > left_.size()) Broken("has a table that is cut short");
    const auto out = left_.first(bytes);
    left_ = left_.subspan(bytes);
    return out;
  }

  std::vector<std::string_view> Texts() {
    const auto count = Field<uint64_t>(Take(8), 0);
    if (count > left_.size() / 4) Broken("has a table that is cut short");
    std::vector<std::string_view> out;
    out.reserve(count);
    for (uint64_t i = 0; i < count; ++i) {
      const auto text = Take(Field<uint32_t>(Take(4), 0));
      out.emplace_back(reinterpret_cast<const char*>(text.data()), text.size());
    }
    return out;
  }

  bool empty() const { return left_.empty(); }

 private:
  std::span<const std::byte> left_;
};

CacheForm ReadForm(std::span<const std::byte> bytes) {
  CacheForm form;
  const auto bits = Field<uint32_t>(bytes, 12);
  const auto channels = Field<uint32_t>(bytes, 32);
  const auto height = Field<uint32_t>(bytes, 36), width = Field<uint32_t>(bytes, 40);
  if ((bits != 8 && bits != 16) || channels < 1 || channels > 4 || height < 1 || width < 1 ||
      height > kMostSide || width > kMostSide) {
    Broken("has pictures of an impossible form");
  }
  form.bits = static_cast<int>(bits);
  form.channels = channels;
  form.height = height;
  form.width = width;
  return form;
}

void ReadTable(TableReader reader, CachedPictures& out) {
  const auto labels = reader.Take(static_cast<uint64_t>(out.count) * sizeof(int32_t));
  out.labels.resize(static_cast<size_t>(out.count));
  if (!labels.empty()) std::memcpy(out.labels.data(), labels.data(), labels.size());
  for (const std::string_view text : reader.Texts()) out.classes.emplace_back(text);
  const auto classes = static_cast<int64_t>(out.classes.size());
  for (const int32_t label : out.labels) {
    if (label < -1 || label >= classes) Broken("has a label without a class");
  }
  out.names = reader.Texts();
  const auto unreadable = reader.Texts();
  if (out.names.size() != out.labels.size() || unreadable.size() % 2 != 0) {
    Broken("has lists of different lengths");
  }
  for (size_t i = 0; i < unreadable.size(); i += 2) {
    out.unreadable.push_back({std::string(unreadable[i]), std::string(unreadable[i + 1])});
  }
  for (const std::string_view text : reader.Texts()) out.notes.emplace_back(text);
  if (!reader.empty()) Broken("has a table that is too long");
}

uint64_t FingerprintOf(const CacheForm& form, uint64_t pixels, std::span<const int32_t> labels) {
  Sum sum;
  const std::array<int64_t, 4> numbers = {form.bits, form.channels, form.height, form.width};
  sum.Add(std::as_bytes(std::span(numbers)));
  sum.Add(std::as_bytes(std::span(&pixels, 1)));
  sum.Add(std::as_bytes(labels));
  return sum.Value();
}

}  // namespace

CachedPictures ParseCache(std::span<const std::byte> bytes, uint64_t key, uint64_t source) {
  if (bytes.size() < kHeaderBytes + kFooterBytes ||
      std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) != 0) {
    Broken("is no file of decoded pictures, or cut short");
  }
  if (Field<uint32_t>(bytes, 8) != kVersion) Broken("is of another version");
  if (Field<uint64_t>(bytes, 16) != key || Field<uint64_t>(bytes, 24) != source) {
    Broken("is of other data, or the data has changed");
  }
  CachedPictures out;
  out.form = ReadForm(bytes);
  const auto footer = bytes.last(kFooterBytes);
  const auto count = Field<uint64_t>(footer, 0);
  const auto table = Field<uint64_t>(footer, 8);
  const auto pixel_bytes = CheckedMul<uint64_t>(count, out.form.picture_bytes());
  if (!pixel_bytes || table < kHeaderBytes || table > bytes.size() - kFooterBytes ||
      *pixel_bytes != table - kHeaderBytes) {
    Broken("is cut short, or its pixels are not as many as it says");
  }
  out.count = static_cast<int64_t>(count);
  out.pixels = bytes.subspan(kHeaderBytes, *pixel_bytes);
  Sum frame;
  frame.Add(bytes.first(kHeaderBytes));
  frame.Add(bytes.subspan(table, bytes.size() - 8 - table));
  if (frame.Value() != Field<uint64_t>(footer, 24)) Broken("has a wrong sum");
  Sum pixels;
  pixels.Add(out.pixels);
  if (pixels.Value() != Field<uint64_t>(footer, 16)) Broken("has pixels with a wrong sum");
  ReadTable(TableReader(bytes.subspan(table, bytes.size() - kFooterBytes - table)), out);
  out.fingerprint = FingerprintOf(out.form, pixels.Value(), out.labels);
  return out;
}

struct CacheWriter::State {
  CacheForm form;
  Sink sink;
  Sum frame;
  Sum pixels;
  std::vector<int32_t> labels;
  std::string names;
};

CacheWriter::CacheWriter(const CacheForm& form, uint64_t key, uint64_t source, Sink sink)
    : state_(new State) {
  state_->form = form;
  state_->sink = std::move(sink);
  std::string header(kMagic);
  Put(header, kVersion);
  Put(header, static_cast<uint32_t>(form.bits));
  Put(header, key);
  Put(header, source);
  Put(header, static_cast<uint32_t>(form.channels));
  Put(header, static_cast<uint32_t>(form.height));
  Put(header, static_cast<uint32_t>(form.width));
  header.resize(kHeaderBytes);
  const auto bytes = std::as_bytes(std::span(header));
  state_->frame.Add(bytes);
  state_->sink(bytes);
}

CacheWriter::~CacheWriter() = default;

void CacheWriter::Add(std::span<const std::byte> pixels, int32_t label, std::string_view name) {
  GAN_ASSERT(pixels.size() == state_->form.picture_bytes());
  state_->pixels.Add(pixels);
  state_->sink(pixels);
  state_->labels.push_back(label);
  PutText(state_->names, name);
}

void CacheWriter::Finish(const std::vector<std::string>& classes,
                         const std::vector<Unreadable>& unreadable,
                         const std::vector<std::string>& notes) {
  State& s = *state_;
  const uint64_t count = s.labels.size();
  std::string table(reinterpret_cast<const char*>(s.labels.data()), count * sizeof(int32_t));
  Put(table, uint64_t{classes.size()});
  for (const std::string& name : classes) PutText(table, name);
  Put(table, count);
  table += s.names;
  Put(table, uint64_t{2 * unreadable.size()});
  for (const Unreadable& one : unreadable) {
    PutText(table, one.name);
    PutText(table, one.reason);
  }
  Put(table, uint64_t{notes.size()});
  for (const std::string& note : notes) PutText(table, note);
  Put(table, count);
  Put(table, uint64_t{kHeaderBytes + count * s.form.picture_bytes()});
  Put(table, s.pixels.Value());
  s.frame.Add(std::as_bytes(std::span(table)));
  Put(table, s.frame.Value());
  s.sink(std::as_bytes(std::span(table)));
}

}  // namespace gan::core
