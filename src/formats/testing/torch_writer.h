// Writes what torch.save writes, in the variants that are found in the wild, for tests.
#ifndef GAN_FORMATS_TESTING_TORCH_WRITER_H_
#define GAN_FORMATS_TESTING_TORCH_WRITER_H_

#include <filesystem>
#include <span>
#include <string>

#include "tensor/named_tensors.h"

namespace gan::core::testing {

struct TorchWriteOptions {
  bool legacy = false;          // as before PyTorch 1.6; otherwise a zip archive
  bool script = false;          // as a TorchScript module's data.pkl (zip only)
  bool deflate = false;         // zip only, like the next four
  bool folder_entries = false;  // explicit entries for folders
  bool descriptors = false;     // sizes after the data
  bool zip64 = false;
  bool checksums = true;       // false: those of the archive are 0
  bool share_storage = false;  // one storage for all tensors of a type
  bool transposed = false;     // the last two axes are stored swapped: views are not contiguous
  bool big_endian = false;
  bool junk = false;  // beside the tensors: an epoch, lists, a dict with number keys, an object
};

// One entry of the top dict. A single one with an empty key is a bare state dict.
struct TorchGroup {
  std::string key;  // "params_ema", "state_dict", ...
  NamedTensors tensors;
};

std::string TorchBytes(std::span<const TorchGroup> groups, const TorchWriteOptions& options = {});
std::string TorchBytes(const NamedTensors& tensors, const TorchWriteOptions& options = {});

// The same as a file. Throws when it cannot be written.
void WriteTorch(const std::filesystem::path& path, const NamedTensors& tensors,
                const TorchWriteOptions& options = {});
void WriteTorch(const std::filesystem::path& path, std::span<const TorchGroup> groups,
                const TorchWriteOptions& options = {});

}  // namespace gan::core::testing

#endif  // GAN_FORMATS_TESTING_TORCH_WRITER_H_
