// Any checkpoint file as named tensors. Content decides the format, never the extension.
#ifndef GAN_FORMATS_CHECKPOINT_H_
#define GAN_FORMATS_CHECKPOINT_H_

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/thread_pool.h"
#include "formats/byte_source.h"
#include "formats/limits.h"
#include "tensor/module_facts.h"
#include "tensor/named_tensors.h"

namespace gan::core {

struct Checkpoint {
  std::string format;    // "PyTorch zip", "TorchScript", "PyTorch legacy", "safetensors"
  NamedTensors tensors;  // nested containers flattened: "params_ema.conv_first.weight"
  std::map<std::string, std::string> metadata;
  // Callables of pickled objects that were kept as data, printable, each once, in order of first
  // appearance ("torch.optim.adam.Adam"). None of them holds a tensor.
  std::vector<std::string> opaque;
  size_t opaque_objects = 0;  // how many such objects there are
  ModuleTree modules;         // of whole modules that were pickled
  size_t non_finite = 0;      // elements that are NaN or infinite; 0 unless they were allowed
};

struct ReadOptions {
  Limits limits;
  bool allow_non_finite = false;
  ThreadPool* pool = nullptr;  // reads and checks tensors; one thread alone where null
};

// Tensors may share memory with one another where they do in the file. There is at least one.
//
// Error kBadData for everything wrong with the content, naming what the file is; kNoInput, kIo as
// of InputFile. Needs at most 64 MiB + 2 * the (inflated) file.
Checkpoint ReadCheckpoint(const std::filesystem::path& path, const ReadOptions& options = {});
Checkpoint ReadCheckpoint(const ByteSource& source, const ReadOptions& options = {});

}  // namespace gan::core

#endif  // GAN_FORMATS_CHECKPOINT_H_
