// IDX, the format of MNIST, Fashion-MNIST and EMNIST. Big-endian:
//
//   0  0  type  rank | rank sizes, 4 bytes each | data
//
// type 0x08: unsigned bytes. Pictures have rank 3, [count, height, width]; labels rank 1.
#ifndef GAN_DATA_IDX_H_
#define GAN_DATA_IDX_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "data/collection.h"
#include "formats/byte_source.h"

namespace gan::core {

struct IdxArray {
  std::vector<int64_t> sizes;
  std::vector<std::byte> data;  // as many as the product of sizes
};

// Plain or gzip-compressed. Error kBadData: no IDX, other elements than unsigned bytes, a rank past
// 3, sizes that the data does not fill.
IdxArray ReadIdx(const ByteSource& source);

// Whether the bytes begin like one: two zeros and a type of element.
bool LooksLikeIdx(const ByteSource& source);

// The pictures of one file. Its labels lie beside it, under the same name with "labels-idx1" in
// place of "images-idx3" ("labels.idx1" too); without such a file there are none.
std::unique_ptr<Collection> CollectIdx(const std::filesystem::path& images,
                                       const CollectionOptions& options);

// The file of a split in a folder: train-images-idx3-ubyte[.gz] for "train", t10k-... or test-...
// for "test", under whatever prefix (emnist-letters-). Empty when the folder has no IDX pictures at
// all. Error kBadData: none for this split, or several.
std::filesystem::path FindIdx(const std::filesystem::path& folder, const std::string& split);

}  // namespace gan::core

#endif  // GAN_DATA_IDX_H_
