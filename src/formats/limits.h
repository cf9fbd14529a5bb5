// What a file from outside may ask for. Every reader takes these and refuses more.
#ifndef GAN_FORMATS_LIMITS_H_
#define GAN_FORMATS_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace gan::core {

struct Limits {
  uint64_t file_bytes = uint64_t{8} << 30;
  size_t tensors = 65'536;
  size_t name_bytes = 512;  // of one tensor's name, in UTF-8
  size_t rank = 8;
  size_t depth = 64;  // containers in containers

  // The most that may be allocated on the word of a declared length alone, when the bytes that
  // back it cannot be counted (compressed data).
  uint64_t declared_bytes = uint64_t{1} << 20;

  uint64_t pickle_bytes = uint64_t{64} << 20;
  size_t pickle_opcodes = 10'000'000;
  uint64_t pickle_memory = uint64_t{32} << 20;  // nodes, cells, stack and memo together
  size_t opaque_names = 256;                    // listed; more are only counted

  // A pickle that is the whole file holds its tensors inside itself.
  uint64_t pickle_file_bytes = uint64_t{2} << 30;
  size_t attributes = 64;       // kept of a pickled module
  size_t attribute_bytes = 64;  // of the text of one

  // Inflated bytes of a zip archive: at most min(inflated_bytes, zip_ratio * file + zip_slack).
  uint64_t inflated_bytes = uint64_t{8} << 30;
  uint64_t zip_ratio = 100;
  uint64_t zip_slack = uint64_t{1} << 20;
  size_t zip_entries = 140'000;

  // Views that are not contiguous are copied: at most copied_slack + file together. Views may also
  // overlap; all tensors together may show at most shown_slack + 4 * file bytes, so that whoever
  // walks over them ends in time.
  uint64_t copied_slack = uint64_t{16} << 20;
  uint64_t shown_slack = uint64_t{256} << 20;

  uint64_t safetensors_header = uint64_t{16} << 20;
  uint64_t npy_header = uint64_t{64} << 10;
  uint64_t ncnn_param = uint64_t{4} << 20;
  size_t ncnn_layers = 16'384;
  size_t onnx_nodes = 65'536;
};

}  // namespace gan::core

#endif  // GAN_FORMATS_LIMITS_H_
