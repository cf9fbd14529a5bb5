// NumPy arrays of pictures: one .npy, or a .npz (a zip archive of them) with its labels and splits.
//
// Pictures are [N, H, W] or [N, H, W, C], C from 1 to 4. Integers up to 255 are 8-bit samples, up
// to 65,535 16-bit ones; booleans are black and white; floats in [0, 1], [-1, 1] or [0, 255] are
// told apart by the least and the greatest of them and keep 16 bits.
#ifndef GAN_DATA_NUMPY_PICTURES_H_
#define GAN_DATA_NUMPY_PICTURES_H_

#include <filesystem>
#include <memory>
#include <string>

#include "data/array_collection.h"
#include "data/collection.h"
#include "formats/zip_archive.h"

namespace gan::core {

// Error kBadData: another shape, negative integers or such past 65,535, floats outside the ranges.
PictureArray PicturesFromTensor(std::string name, Tensor tensor);

// A file X_images.npy has its labels in X_labels.npy beside it, if that is there.
std::unique_ptr<Collection> CollectNpy(const std::filesystem::path& path,
                                       const CollectionOptions& options);

// Arrays SPLIT_images and SPLIT_labels (MedMNIST), x_SPLIT and y_SPLIT (Keras), or, for a file
// without splits, images and labels, x and y, or a single array. Error kUsage: no such split.
std::unique_ptr<Collection> CollectNpz(const std::filesystem::path& path, const ZipArchive& archive,
                                       const CollectionOptions& options);

// Whether all that an archive holds are .npy files.
bool IsNpz(const ZipArchive& archive);

}  // namespace gan::core

#endif  // GAN_DATA_NUMPY_PICTURES_H_
