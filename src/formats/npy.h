// NumPy's .npy: one array. "\x93NUMPY" | version | header length | a Python dict as text | data.
#ifndef GAN_FORMATS_NPY_H_
#define GAN_FORMATS_NPY_H_

#include <filesystem>

#include "formats/byte_source.h"
#include "formats/limits.h"
#include "tensor/tensor.h"

namespace gan::core {

// Versions 1 to 3; little-endian f2, f4, f8, i1 to i8, u1 and bool, and u2 and u4, which become i32
// and i64; Fortran order is turned into C order. Error kBadData: anything else (pickled objects are
// never read), sizes that do not match.
Tensor ReadNpy(const std::filesystem::path& path, const Limits& limits = {});
Tensor ReadNpy(const ByteSource& source, const Limits& limits = {});

// Version 1, f32, C order. Requires an f32 tensor. Error kCannotCreate, kIo as of AtomicFile.
void WriteNpy(const std::filesystem::path& path, const Tensor& tensor);

}  // namespace gan::core

#endif  // GAN_FORMATS_NPY_H_
