// Storages that stand inside a pickle, each as the bytes of a torch.save of its own: how modules
// are pickled by Python's own pickler, NVIDIA's networks among them.
#ifndef GAN_FORMATS_TORCH_EMBEDDED_H_
#define GAN_FORMATS_TORCH_EMBEDDED_H_

#include <string_view>

#include "formats/limits.h"
#include "formats/pickle.h"
#include "formats/torch_tensor.h"

namespace gan::core {

// Whether the node is a call of torch.storage._load_from_bytes on bytes.
bool IsEmbeddedStorage(const Pickle& pickle, NodeId node);

// Its type and size; the key leads EmbeddedRecords to it. Requires IsEmbeddedStorage. Error
// kBadData unless the bytes are what torch.save makes of one storage.
TorchStorage ParseEmbeddedStorage(std::string_view where, const Pickle& pickle, NodeId node,
                                  const Limits& limits);

class EmbeddedRecords final : public TorchRecords {
 public:
  // All must outlive it.
  EmbeddedRecords(std::string_view where, const Pickle& pickle, const Limits& limits)
      : where_(where), pickle_(pickle), limits_(limits) {}

  Tensor Load(std::string_view key, uint64_t bytes) const override;

 private:
  std::string_view where_;
  const Pickle& pickle_;
  const Limits& limits_;
};

}  // namespace gan::core

#endif  // GAN_FORMATS_TORCH_EMBEDDED_H_
