// torch.save before PyTorch 1.6, and a pickle on its own.
//
//   pickle: magic number | pickle: 1001 | pickle: system | pickle: the object |
//   pickle: [storage key, ...] | for each key: elements as i64, then their bytes
#ifndef GAN_FORMATS_TORCH_LEGACY_H_
#define GAN_FORMATS_TORCH_LEGACY_H_

#include "formats/checkpoint.h"
#include "formats/torch_tensor.h"

namespace gan::core {

// Records that no tensor uses are not loaded. Error kBadData, also when bytes are left over.
Checkpoint ReadTorchLegacy(const ByteSource& source, const ReadOptions& options);

// A bare pickle. Tensors are in it only where their storages are embedded (see torch_embedded.h);
// without any it is read to say what is in it. Error kBadData when it is broken.
Checkpoint ReadPickleFile(const ByteSource& source, const ReadOptions& options);

// A file that holds one storage alone, its first byte at `offset`. Error kBadData for any other.
struct LegacyStorage {
  TorchStorage storage;
  uint64_t offset = 0;
};
LegacyStorage ParseLegacyStorage(const ByteSource& source, const Limits& limits);

}  // namespace gan::core

#endif  // GAN_FORMATS_TORCH_LEGACY_H_
