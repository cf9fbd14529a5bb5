#include "formats/detect.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "base/error.h"

namespace gan::core {
namespace {

using namespace std::string_view_literals;

struct Signature {
  size_t offset;
  std::string_view bytes;
  FileFormat format;
};

// In this order; the first that fits counts.
constexpr std::array kSignatures = {
    Signature{0, "PK\x03\x04"sv, FileFormat::kZip},
    Signature{0, "PK\x05\x06"sv, FileFormat::kZip},
    Signature{0, "7767517\n"sv, FileFormat::kNcnnParam},
    Signature{0, "7767517\r"sv, FileFormat::kNcnnParam},
    Signature{0, "\x93NUMPY"sv, FileFormat::kNpy},
    Signature{0, "\x89HDF\r\n\x1a\n"sv, FileFormat::kHdf5},
    Signature{0, "\x1f\x8b"sv, FileFormat::kGzip},
    Signature{0, "BZh"sv, FileFormat::kBzip2},
    Signature{0,
              "\xfd"
              "7zXZ\0"sv,
              FileFormat::kXz},
    Signature{0, "\x28\xb5\x2f\xfd"sv, FileFormat::kZstd},
    Signature{0, "7z\xbc\xaf\x27\x1c"sv, FileFormat::kSevenZip},
    Signature{0, "Rar!\x1a\x07"sv, FileFormat::kRar},
    Signature{257, "ustar"sv, FileFormat::kTar},
    Signature{0, "\x89PNG\r\n\x1a\n"sv, FileFormat::kPng},
    Signature{0, "\xff\xd8\xff"sv, FileFormat::kJpeg},
    Signature{8, "WEBPVP8"sv, FileFormat::kWebp},
    Signature{0, "II*\0"sv, FileFormat::kTiff},
    Signature{0, "MM\0*"sv, FileFormat::kTiff},
    Signature{0, "GIF8"sv, FileFormat::kGif},
    Signature{0, "GGUF"sv, FileFormat::kGguf},
    Signature{0, "%PDF-"sv, FileFormat::kPdf},
    Signature{0,
              "\x7f"
              "ELF"sv,
              FileFormat::kElf},
    Signature{0, "version https://git-lfs"sv, FileFormat::kLfsPointer},
    Signature{0, "<!DOCTYPE"sv, FileFormat::kHtml},
    Signature{0, "<!doctype"sv, FileFormat::kHtml},
    Signature{0, "<html"sv, FileFormat::kHtml},
};

// A pickled 0x1950a86a20f9469cfc6c, with which torch.save began before 1.6.
constexpr std::string_view kTorchMagic = "\x8a\x0al\xfc\x9c\x46\xf9\x20j\xa8P\x19"sv;

bool IsSafetensors(std::string_view head, uint64_t file_bytes) {
  if (head.size() < 9 || head[8] != '{') return false;
  uint64_t header = 0;
  std::memcpy(&header, head.data(), sizeof header);
  return header <= file_bytes - 8;
}

// A ModelProto: ir_version first, then one of its other fields, in the order in which protobuf
// writes them.
bool IsOnnx(std::string_view head) {
  return head.size() >= 4 && head[0] == 0x08 && head[1] > 0 && head[1] < 32 &&
         "\x12\x1a\x22\x28\x32\x3a\x42"sv.find(head[2]) != std::string_view::npos;
}

bool IsPickle(const ByteSource& source, std::string_view head) {
  if (head.size() >= 2 && head[0] == '\x80' && head[1] >= 0 && head[1] <= 5) return true;
  // Protocols 0 and 1 have no mark of their own: a plausible first opcode and STOP at the end.
  if ("(c]})lISV"sv.find(head[0]) == std::string_view::npos) return false;
  std::array<std::byte, 1> last{};
  source.ReadAt(source.size() - 1, last);
  return last[0] == std::byte{'.'};
}

}  // namespace

FileFormat DetectFormat(const ByteSource& source) {
  if (source.size() == 0) return FileFormat::kEmpty;
  std::array<std::byte, 512> buffer{};
  const size_t size = std::min<uint64_t>(buffer.size(), source.size());
  source.ReadAt(0, std::span(buffer.data(), size));
  const std::string_view head(reinterpret_cast<const char*>(buffer.data()), size);
  for (const Signature& signature : kSignatures) {
    if (head.size() > signature.offset &&
        head.substr(signature.offset).starts_with(signature.bytes)) {
      return signature.format;
    }
  }
  if (head[0] == '\x80' && head.substr(0, 32).find(kTorchMagic) != std::string_view::npos) {
    return FileFormat::kTorchLegacy;
  }
  if (IsSafetensors(head, source.size())) return FileFormat::kSafetensors;
  if (IsPickle(source, head)) return FileFormat::kPickle;
  if (IsOnnx(head)) return FileFormat::kOnnx;
  return FileFormat::kUnknown;
}

std::string_view Describe(FileFormat format) {
  switch (format) {
    case FileFormat::kZip: return "a zip archive";
    case FileFormat::kTorchLegacy: return "a PyTorch file as saved before 1.6";
    case FileFormat::kPickle: return "a Python pickle";
    case FileFormat::kSafetensors: return "a safetensors file";
    case FileFormat::kNcnnParam: return "an ncnn .param file";
    case FileFormat::kNpy: return "a NumPy array";
    case FileFormat::kOnnx: return "an ONNX model";
    case FileFormat::kHdf5: return "an HDF5 file (Keras?)";
    case FileFormat::kTar: return "a tar archive (also PyTorch before 0.2)";
    case FileFormat::kGzip: return "a gzip archive";
    case FileFormat::kBzip2: return "a bzip2 archive";
    case FileFormat::kXz: return "an xz archive";
    case FileFormat::kZstd: return "a Zstandard archive";
    case FileFormat::kSevenZip: return "a 7z archive";
    case FileFormat::kRar: return "a RAR archive";
    case FileFormat::kPng: return "a PNG picture";
    case FileFormat::kJpeg: return "a JPEG picture";
    case FileFormat::kWebp: return "a WebP picture";
    case FileFormat::kTiff: return "a TIFF picture";
    case FileFormat::kGif: return "a GIF picture";
    case FileFormat::kGguf: return "a GGUF model";
    case FileFormat::kPdf: return "a PDF document";
    case FileFormat::kElf: return "a Linux program or library";
    case FileFormat::kHtml: return "a web page (a download that failed?)";
    case FileFormat::kLfsPointer: return "a Git LFS pointer (fetch it with git lfs pull)";
    case FileFormat::kEmpty: return "an empty file";
    case FileFormat::kUnknown: return "a file of unknown format";
  }
  GAN_ASSERT(false);
  return "";
}

}  // namespace gan::core
