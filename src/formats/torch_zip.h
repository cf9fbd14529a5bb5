// torch.save since PyTorch 1.6, and TorchScript: a zip archive of one folder that holds data.pkl
// and a record per storage, data/KEY.
#ifndef GAN_FORMATS_TORCH_ZIP_H_
#define GAN_FORMATS_TORCH_ZIP_H_

#include "formats/checkpoint.h"

namespace gan::core {

// Of TorchScript only the tensors of data.pkl; code/ and constants.pkl are never opened.
// Records that no tensor uses are not loaded. Error kBadData.
Checkpoint ReadTorchZip(const ByteSource& source, const ReadOptions& options);

}  // namespace gan::core

#endif  // GAN_FORMATS_TORCH_ZIP_H_
