// gzip: one compressed file, inflated whole.
#ifndef GAN_FORMATS_GZIP_H_
#define GAN_FORMATS_GZIP_H_

#include <cstddef>
#include <vector>

#include "formats/byte_source.h"
#include "formats/limits.h"

namespace gan::core {

// Memory grows with what comes out, not with what the file says will come. Error kBadData: no gzip
// file, broken or cut short, a wrong checksum, bytes behind its end, or more than
// Limits::inflated_bytes and zip_ratio allow.
std::vector<std::byte> InflateGzip(const ByteSource& source, const Limits& limits = {});

}  // namespace gan::core

#endif  // GAN_FORMATS_GZIP_H_
