// What a file is, judged by its first bytes.
#ifndef GAN_FORMATS_DETECT_H_
#define GAN_FORMATS_DETECT_H_

#include <string_view>

#include "formats/byte_source.h"

namespace gan::core {

enum class FileFormat {
  kZip,  // PyTorch since 1.6, TorchScript, or any other archive
  kTorchLegacy,
  kPickle,
  kSafetensors,
  kNcnnParam,
  kNpy,
  kOnnx,
  kHdf5,
  kTar,
  kGzip,
  kBzip2,
  kXz,
  kZstd,
  kSevenZip,
  kRar,
  kPng,
  kJpeg,
  kWebp,
  kTiff,
  kGif,
  kGguf,
  kPdf,
  kElf,
  kHtml,
  kLfsPointer,
  kEmpty,
  kUnknown,
};

// Never fails on content; Error kIo when the file cannot be read.
FileFormat DetectFormat(const ByteSource& source);

// With its article, for messages: "a gzip archive", "an ncnn .param file".
std::string_view Describe(FileFormat format);

}  // namespace gan::core

#endif  // GAN_FORMATS_DETECT_H_
