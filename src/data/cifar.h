// The binary versions of CIFAR-10 and CIFAR-100: records of
//
//   label | 3072 bytes                   CIFAR-10
//   coarse label | label | 3072 bytes    CIFAR-100
//
// where the bytes are a 32 x 32 picture: all of red, all of green, all of blue.
#ifndef GAN_DATA_CIFAR_H_
#define GAN_DATA_CIFAR_H_

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "data/array_collection.h"
#include "formats/byte_source.h"

namespace gan::core {

// By the size of the file and every label in it, since there is no mark.
bool LooksLikeCifar(const ByteSource& source);

// Appends the records of a file; the first one decides which of the two it is. Error kBadData: not
// whole records, a label that is too great, another kind than the files before it.
void ReadCifar(const ByteSource& source, PictureArray& out, std::vector<std::byte>& samples);

// The files of a split in a folder: data_batch_*.bin or train.bin, test_batch.bin or test.bin.
// Empty when the folder holds none of these. Error kUsage: none for this split.
std::vector<std::filesystem::path> FindCifar(const std::filesystem::path& folder,
                                             const std::string& split);

// Names of the classes are read from batches.meta.txt or fine_label_names.txt beside the files.
std::unique_ptr<Collection> CollectCifar(const std::vector<std::filesystem::path>& files,
                                         const CollectionOptions& options);

}  // namespace gan::core

#endif  // GAN_DATA_CIFAR_H_
