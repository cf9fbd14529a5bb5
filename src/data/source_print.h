// Telling whether a data set has changed since it was decoded, without reading it.
#ifndef GAN_DATA_SOURCE_PRINT_H_
#define GAN_DATA_SOURCE_PRINT_H_

#include <cstdint>
#include <filesystem>

namespace gan::core {

// A hash of the paths, sizes and times of change of a file and the files beside it that may hold
// its labels, or of everything in a folder. Error kNoInput: nothing there.
uint64_t SourcePrint(const std::filesystem::path& path);

}  // namespace gan::core

#endif  // GAN_DATA_SOURCE_PRINT_H_
