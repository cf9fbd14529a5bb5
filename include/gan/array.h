// Plain arrays of floats, which go into a network and come out of it, and NumPy's file of them.
#ifndef GAN_ARRAY_H_
#define GAN_ARRAY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "gan/export.h"

namespace gan {

// Row-major ("C order"). Pictures are [N, C, H, W] with samples in [0, 1], channels R, G, B.
struct Array {
  std::vector<int64_t> shape;  // each at least 0; their product is values.size()
  std::vector<float> values;
};

// Reads a .npy file: versions 1 to 3; little-endian floats, integers and booleans of any width
// become float. Error kNoInput: not there; kBadData: no such file, truncated, pickled objects.
// Thread-safe.
GAN_API Array ReadNpy(const std::string& path);

// Writes float32. The file appears whole or not at all. Error kBadData: shape and values disagree;
// kCannotCreate: no such folder, no permission; kIo: disk full. Thread-safe.
GAN_API void WriteNpy(const std::string& path, const Array& array);

}  // namespace gan

#endif  // GAN_ARRAY_H_
