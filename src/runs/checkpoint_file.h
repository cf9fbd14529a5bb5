// The state of a run in one file: a safetensors file that any reader of those can open, with
//
//   "gan.state"  in its metadata: text (JSON) with all that is no tensor
//   "gan.hash"   in its metadata: XXH3-128 of the whole file, as 32 hex digits, computed with these
//                digits as zeros
#ifndef GAN_RUNS_CHECKPOINT_FILE_H_
#define GAN_RUNS_CHECKPOINT_FILE_H_

#include <filesystem>
#include <string>
#include <string_view>

#include "formats/byte_source.h"
#include "tensor/named_tensors.h"

namespace gan::core {

struct RunCheckpoint {
  NamedTensors tensors;  // any values, infinities too
  std::string state;
};

// On disk, whole, when it returns; what stood there before is whole until then. Needs no memory
// for the tensors. Error kCannotCreate, kIo as of AtomicFile.
void WriteRunCheckpoint(const std::filesystem::path& path, const NamedTensors& tensors,
                        std::string_view state);

// Error kBadData when a single bit is not as it was written; kNoInput, kIo as of InputFile. Needs
// twice the size of the file.
RunCheckpoint ReadRunCheckpoint(const std::filesystem::path& path);
RunCheckpoint ReadRunCheckpoint(const ByteSource& source);

}  // namespace gan::core

#endif  // GAN_RUNS_CHECKPOINT_FILE_H_
