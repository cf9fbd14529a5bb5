// Tensors as torch.save pickles them: a call of a rebuild function on a storage, a storage being a
// persistent id that names a record of bytes elsewhere in the file.
#ifndef GAN_FORMATS_TORCH_TENSOR_H_
#define GAN_FORMATS_TORCH_TENSOR_H_

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "formats/limits.h"
#include "formats/pickle.h"
#include "tensor/tensor.h"

namespace gan::core {

// ('storage', torch.FloatStorage, key, location, elements[, view])
struct TorchStorage {
  std::string key;
  DType dtype = DType::kF32;
  int64_t record_elements = 0;
  int64_t begin = 0;  // the part of the record that this storage is, in elements
  int64_t elements = 0;
};

struct TorchTensor {
  TorchStorage storage;
  Shape shape;
  Strides strides{};   // in elements of the storage's dtype, not negative
  int64_t offset = 0;  // of the first element
};

// Whether the node is a call of one of the known rebuild functions; what it holds is not checked.
bool IsTorchTensor(const Pickle& pickle, NodeId node);

// Whether a persistent id names a storage (others name the source text of modules).
bool IsTorchStorage(const Pickle& pickle, NodeId persistent);

// Error kBadData, naming `where`. The first requires IsTorchTensor, the second IsTorchStorage.
TorchTensor ParseTorchTensor(std::string_view where, const Pickle& pickle, NodeId node,
                             const Limits& limits);
TorchStorage ParseTorchStorage(std::string_view where, const Pickle& pickle, NodeId persistent);

// Bytes of the whole record; Error kBadData when they do not fit 64 bits.
uint64_t RecordBytes(std::string_view where, const TorchStorage& storage);

// Whether every element lies in [0, elements): checked arithmetic, any values. A view without
// elements lies anywhere. Requires as many strides as sizes.
bool ViewFits(std::span<const int64_t> sizes, std::span<const int64_t> strides, int64_t offset,
              int64_t elements);

// Where a file keeps the bytes of its storages.
class TorchRecords {
 public:
  virtual ~TorchRecords() = default;
  // All of the record, as u8. Error kBadData unless it is there and has exactly `bytes` bytes.
  // What they are may only be known after Fill().
  virtual Tensor Load(std::string_view key, uint64_t bytes) const = 0;
  // Reads what was loaded and not read yet. Error kBadData.
  virtual void Fill() const {}
};

// Makes tensors of records. Each record is loaded once, when first used; contiguous tensors share
// its memory, others are copied. Not thread-safe.
class TorchTensorMaker {
 public:
  // References must outlive it. `file_bytes` bounds what may be copied.
  TorchTensorMaker(std::string_view where, const TorchRecords& records, uint64_t file_bytes,
                   bool big_endian, const Limits& limits);

  Tensor Make(const TorchTensor& tensor);  // Error kBadData

 private:
  struct Loaded {
    Tensor bytes;
    size_t element_bytes = 0;
  };
  const Loaded& Record(const TorchStorage& storage);
  void Charge(uint64_t bytes, uint64_t most, std::string_view what, uint64_t& sum) const;

  std::string_view where_;
  const TorchRecords& records_;
  uint64_t file_bytes_;
  bool big_endian_;
  const Limits& limits_;
  std::map<std::string, Loaded, std::less<>> loaded_;
  uint64_t copied_ = 0;
  uint64_t shown_ = 0;
};

}  // namespace gan::core

#endif  // GAN_FORMATS_TORCH_TENSOR_H_
