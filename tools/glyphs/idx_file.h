// MNIST's files: u32 magic 0x0000080D for D sizes | D u32 sizes | bytes; numbers big-endian.
#ifndef GAN_TOOLS_GLYPHS_IDX_FILE_H_
#define GAN_TOOLS_GLYPHS_IDX_FILE_H_

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace gan::core::glyphs {

// Labelled grey pictures, 0 is black.
struct LabelledPictures {
  int64_t size = 28;            // height and width
  std::vector<uint8_t> pixels;  // [count, size, size]
  std::vector<uint8_t> labels;  // [count]

  int64_t count() const { return static_cast<int64_t>(labels.size()); }
};

// Into FOLDER/PREFIX-images-idx3-ubyte and FOLDER/PREFIX-labels-idx1-ubyte ("train", "t10k").
// Error as of AtomicFile.
void WriteIdx(const std::filesystem::path& folder, std::string_view prefix,
              const LabelledPictures& pictures);

}  // namespace gan::core::glyphs

#endif  // GAN_TOOLS_GLYPHS_IDX_FILE_H_
