// safetensors: little-endian u64 header length | JSON header | tensor bytes without holes.
#ifndef GAN_FORMATS_SAFETENSORS_H_
#define GAN_FORMATS_SAFETENSORS_H_

#include <cstddef>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/checkpoint.h"

namespace gan::core {

// Strict: no duplicate keys, no unknown keys, no holes, no overlaps, sizes equal to shape * dtype,
// the last tensor ends where the file ends. Each tensor has memory of its own. Tensors come in the
// order of the header. Error kBadData.
Checkpoint ReadSafetensors(const ByteSource& source, const ReadOptions& options);

// The same tensors give the same bytes. Tensors stand in the header in the order given, in the data
// by falling element size, so that each is aligned to it. `metadata` gets {"format": "pt"}, which
// other readers want, unless it says otherwise.
//
// Error kBadData for names that do not fit the limits; kCannotCreate, kIo as of AtomicFile.
void WriteSafetensors(const std::filesystem::path& path, const NamedTensors& tensors,
                      std::map<std::string, std::string> metadata = {});

// The bytes of such a file, for writers that must see them first.
struct SafetensorsLayout {
  std::string head;                              // length and header
  std::vector<std::span<const std::byte>> data;  // of the tensors, in the order of the file
};

// What WriteSafetensors would write; `where` names the file. The tensors must outlive it.
SafetensorsLayout LayOutSafetensors(std::string_view where, const NamedTensors& tensors,
                                    std::map<std::string, std::string> metadata);

}  // namespace gan::core

#endif  // GAN_FORMATS_SAFETENSORS_H_
