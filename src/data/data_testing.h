// Data sets for tests, made here.
#ifndef GAN_DATA_DATA_TESTING_H_
#define GAN_DATA_DATA_TESTING_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "data/dataset.h"
#include "media/picture_testing.h"

namespace gan::core {

// The bytes of an IDX file: picture i of label_of(i) = i % classes has the samples i + position.
std::string IdxPictures(int64_t count, int64_t height, int64_t width);
std::string IdxLabels(int64_t count, int64_t classes);
std::string Gzipped(const std::string& bytes);

// A .npy file of version 1.
std::string Npy(std::string_view descr, std::string_view shape, std::string_view data);

// Makes the folders on the way. Grey, RGB, with alpha: by the number of channels.
void WriteTestPicture(const std::filesystem::path& path, int64_t channels, int64_t height,
                      int64_t width, int bits = 8);

// Options whose cache lies in the folder.
inline DatasetOptions OptionsFor(const TemporaryFolder& folder, const std::filesystem::path& path) {
  DatasetOptions options;
  options.path = path.native();
  options.cache = folder / "cache";
  options.threads = 2;
  return options;
}

}  // namespace gan::core

#endif  // GAN_DATA_DATA_TESTING_H_
