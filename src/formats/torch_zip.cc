#include "formats/torch_zip.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "formats/pickle.h"
#include "formats/torch_tensor.h"
#include "formats/torch_tree.h"
#include "formats/zip_archive.h"
#include "tensor/tensor_arena.h"

namespace gan::core {
namespace {

class ZipRecords final : public TorchRecords {
 public:
  ZipRecords(const ByteSource& source, const ZipArchive& archive, std::string folder,
             ThreadPool* pool)
      : source_(source), archive_(archive), folder_(std::move(folder)), pool_(pool) {}

  Tensor Load(std::string_view key, uint64_t bytes) const override {
    const ZipEntry* entry = archive_.Find(folder_ + std::string(key));
    if (entry == nullptr) {
      Fail(ErrorCode::kBadData, source_.name(), "lacks the data of storage \"{}\"", Printable(key));
    }
    if (entry->size != bytes) {
      Fail(ErrorCode::kBadData, source_.name(), "storage \"{}\" wants {} bytes, its record has {}",
           Printable(key), bytes, entry->size);
    }
    Tensor out = arena_.Make(DType::kU8, Shape{static_cast<int64_t>(bytes)});
    unread_.push_back({entry, out});
    return out;
  }

  // All together, so that threads share them.
  void Fill() const override {
    std::vector<Unread> records = std::exchange(unread_, {});
    ShareOut(pool_, static_cast<int64_t>(records.size()), [&](int64_t begin, int64_t end) {
      for (auto i = static_cast<size_t>(begin); i < static_cast<size_t>(end); ++i) {
        archive_.Read(*records[i].entry, records[i].bytes.raw());
      }
    });
  }

 private:
  struct Unread {
    const ZipEntry* entry;
    Tensor bytes;
  };

  const ByteSource& source_;
  const ZipArchive& archive_;
  std::string folder_;
  ThreadPool* pool_;
  mutable std::vector<Unread> unread_;
  mutable TensorArena arena_{source_.size()};
};

// The one folder that everything is in, with its slash.
std::string TopFolder(const ByteSource& source, const ZipArchive& archive) {
  std::string top;
  for (const ZipEntry& entry : archive.entries()) {
    const size_t slash = entry.name.find('/');
    const std::string_view folder = std::string_view(entry.name).substr(0, slash + 1);
    if (slash == std::string::npos || (!top.empty() && folder != top)) {
      Fail(ErrorCode::kBadData, source.name(),
           "is a zip archive, and no PyTorch file: \"{}\" is not in the one folder that these have",
           Printable(entry.name));
    }
    top = folder;
  }
  return top;
}

const ZipEntry& DataPickle(const ByteSource& source, const ZipArchive& archive,
                           const std::string& top, const Limits& limits) {
  const ZipEntry* entry = archive.Find(top + "data.pkl");
  if (entry == nullptr) {
    Fail(ErrorCode::kBadData, source.name(),
         "is a zip archive, and no PyTorch file: it has no data.pkl");
  }
  if (entry->size > limits.pickle_bytes) {
    Fail(ErrorCode::kBadData, source.name(), "has a data.pkl of {} bytes, at most {} are read",
         entry->size, limits.pickle_bytes);
  }
  return *entry;
}

bool IsBigEndian(const ByteSource& source, const ZipArchive& archive, const std::string& top) {
  const ZipEntry* entry = archive.Find(top + "byteorder");
  if (entry == nullptr) return false;  // before PyTorch 2.1
  constexpr size_t kLongest = 16;
  std::string text;
  if (entry->size <= kLongest) {
    const std::vector<std::byte> bytes = archive.Read(*entry);
    text.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  if (text != "little" && text != "big") {
    Fail(ErrorCode::kBadData, source.name(), "wants byte order \"little\" or \"big\", has \"{}\"",
         Printable(text));
  }
  return text == "big";
}

}  // namespace

Checkpoint ReadTorchZip(const ByteSource& source, const ReadOptions& options) {
  const Limits& limits = options.limits;
  const ZipArchive archive(source, limits);
  const std::string top = TopFolder(source, archive);
  const ZipEntry& data = DataPickle(source, archive, top, limits);
  const std::vector<std::byte> bytes = archive.Read(data);
  const Pickle pickle = ReadPickle(MemorySource(source.name(), bytes), 0, limits);
  const bool script = archive.Find(top + "constants.pkl") != nullptr;
  Checkpoint out;
  out.format = script ? "TorchScript" : "PyTorch zip";
  const ZipRecords records(source, archive, top + "data/", options.pool);
  TorchTensorMaker maker(source.name(), records, source.size(), IsBigEndian(source, archive, top),
                         limits);
  CollectTorchTensors(source.name(), pickle, script, limits, maker, out);
  records.Fill();
  return out;
}

}  // namespace gan::core
