#include "formats/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>
#include <vector>

#include "base/checked.h"
#include "base/error.h"
#include "formats/safetensors_header.h"
#include "formats/tensor_names.h"
#include "tensor/tensor_arena.h"

// Tensor bytes are little-endian in every format read here and are used as they stand.
static_assert(std::endian::native == std::endian::little);

namespace gan::core {
namespace {

constexpr uint64_t kLengthBytes = 8;

// Entries must tile the data: sorted by place, each begins where the one before ended.
void CheckLayout(const std::string& where, const SafetensorsHeader& header, uint64_t data_bytes) {
  std::vector<const SafetensorsEntry*> sorted;
  for (const SafetensorsEntry& entry : header.entries) {
    const auto bytes =
        CheckedMul<int64_t>(entry.shape.elements(), static_cast<int64_t>(SizeOf(entry.dtype)));
    if (entry.begin > entry.end || !bytes ||
        entry.end - entry.begin != static_cast<uint64_t>(*bytes)) {
      Fail(ErrorCode::kBadData, where, "\"{}\" is {} {}, which does not fill bytes {} to {}",
           Printable(entry.name), SafetensorsName(entry.dtype), entry.shape.ToString(), entry.begin,
           entry.end);
    }
    sorted.push_back(&entry);
  }
  std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) {
    return std::pair(a->begin, a->end) < std::pair(b->begin, b->end);
  });
  uint64_t end = 0;
  for (const SafetensorsEntry* entry : sorted) {
    if (entry->begin != end) {
      Fail(ErrorCode::kBadData, where, "\"{}\" begins at byte {} of the data, not at {}: a {}",
           Printable(entry->name), entry->begin, end, entry->begin > end ? "hole" : "overlap");
    }
    end = entry->end;
  }
  if (end != data_bytes) {
    Fail(ErrorCode::kBadData, where, "has {} bytes of tensors, the header wants {}; cut short?",
         data_bytes, end);
  }
}

std::string HeaderText(const NamedTensors& tensors, const std::vector<uint64_t>& begins,
                       const std::map<std::string, std::string>& metadata) {
  const auto quoted = [](std::string_view text) { return nlohmann::json(text).dump(); };
  std::string text = "{\"__metadata__\":" + nlohmann::json(metadata).dump();
  size_t i = 0;
  for (const auto& [name, tensor] : tensors) {
    text +=
        fmt::format(",{}:{{\"dtype\":\"{}\",\"shape\":[{}],\"data_offsets\":[{},{}]}}",
                    quoted(name), SafetensorsName(tensor.dtype()),
                    fmt::join(tensor.shape().sizes(), ","), begins[i], begins[i] + tensor.bytes());
    ++i;
  }
  text += '}';
  // The data then begins at a multiple of 8, as the format's own writer has it.
  text.append((kLengthBytes - text.size() % kLengthBytes) % kLengthBytes, ' ');
  return text;
}

}  // namespace

Checkpoint ReadSafetensors(const ByteSource& source, const ReadOptions& options) {
  uint64_t header_bytes = 0;
  source.ReadAt(0, std::as_writable_bytes(std::span(&header_bytes, 1)));
  if (header_bytes > options.limits.safetensors_header) {
    Fail(ErrorCode::kBadData, source.name(), "wants a header of {} bytes, at most {} are read",
         header_bytes, options.limits.safetensors_header);
  }
  Checkpoint out;
  out.format = "safetensors";
  SafetensorsHeader header;
  {
    const std::vector<std::byte> text = source.ReadAt(kLengthBytes, header_bytes);
    header = ParseSafetensorsHeader(
        source.name(), {reinterpret_cast<const char*>(text.data()), text.size()}, options.limits);
  }
  const uint64_t data = kLengthBytes + header_bytes;
  CheckLayout(source.name(), header, source.size() - data);
  TensorArena arena(source.size());
  std::vector<Tensor> tensors;
  for (const SafetensorsEntry& entry : header.entries) {
    tensors.push_back(arena.Make(entry.dtype, entry.shape));
  }
  ShareOut(options.pool, static_cast<int64_t>(tensors.size()), [&](int64_t begin, int64_t end) {
    for (auto i = static_cast<size_t>(begin); i < static_cast<size_t>(end); ++i) {
      source.ReadAt(data + header.entries[i].begin, tensors[i].raw());
    }
  });
  for (size_t i = 0; i < tensors.size(); ++i) {
    AddTensor(source.name(), options.limits, std::move(header.entries[i].name),
              std::move(tensors[i]), out.tensors);
  }
  out.metadata = std::move(header.metadata);
  return out;
}

SafetensorsLayout LayOutSafetensors(std::string_view where, const NamedTensors& tensors,
                                    std::map<std::string, std::string> metadata) {
  metadata.emplace("format", "pt");
  std::vector<const Tensor*> data;
  for (const auto& [name, tensor] : tensors) {
    CheckTensorName(where, name, Limits{});
    data.push_back(&tensor);
  }
  std::vector<size_t> order(data.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return SizeOf(data[a]->dtype()) > SizeOf(data[b]->dtype());
  });
  std::vector<uint64_t> begins(data.size());
  SafetensorsLayout out;
  uint64_t end = 0;
  for (const size_t i : order) {
    begins[i] = end;
    end += data[i]->bytes();
    out.data.push_back(data[i]->raw());
  }
  const std::string header = HeaderText(tensors, begins, metadata);
  const uint64_t header_bytes = header.size();
  out.head.assign(reinterpret_cast<const char*>(&header_bytes), sizeof header_bytes);
  out.head += header;
  return out;
}

void WriteSafetensors(const std::filesystem::path& path, const NamedTensors& tensors,
                      std::map<std::string, std::string> metadata) {
  const SafetensorsLayout layout =
      LayOutSafetensors(Printable(path.native(), 500), tensors, std::move(metadata));
  AtomicFile file(path);
  file.Write(layout.head);
  for (const std::span<const std::byte> bytes : layout.data) file.Write(bytes);
  file.Commit();
}

}  // namespace gan::core
