// Decoded pictures as one run of bytes, in a file or in memory. Little-endian:
//
//   header  64 bytes   "GANDATA\n" | u32 version | u32 bits | u64 key | u64 source
//                      | u32 channels | u32 height | u32 width | 20 zeros
//   pixels             [count, channels, height, width] of u8 or u16, picture after picture
//   table              i32 label of each picture | the classes | the names of the pictures
//                      | names and reasons of the unreadable | notes
//                      where a list is u64 count, then u32 length and bytes of each text
//   footer  32 bytes   u64 count | u64 offset of the table | u64 XXH3 of the pixels
//                      | u64 XXH3 of header, table and the three numbers before
//
// Written front to back, since how many pictures can be decoded is known at the end only. A file
// from another version, of other options (key) or of changed sources (source) is stale, not wrong.
#ifndef GAN_DATA_CACHE_FILE_H_
#define GAN_DATA_CACHE_FILE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/survey.h"

namespace gan::core {

struct CacheForm {
  int bits = 8;  // 8, 16
  int64_t channels = 1, height = 1, width = 1;
  size_t picture_bytes() const {
    return static_cast<size_t>(channels * height * width) * (bits == 8 ? 1 : 2);
  }
};

// The place of the bytes, and what of them was decoded from text. Views look into `bytes`.
struct CachedPictures {
  CacheForm form;
  int64_t count = 0;
  std::span<const std::byte> pixels;
  std::vector<int32_t> labels;  // -1: none
  std::vector<std::string> classes;
  std::vector<std::string_view> names;
  std::vector<Unreadable> unreadable;
  std::vector<std::string> notes;
  uint64_t fingerprint = 0;  // of pixels, their form and labels
};

// Checks everything, the sums included, which reads all of the bytes. Error kBadData: broken, cut
// short, another version, or another key or source.
CachedPictures ParseCache(std::span<const std::byte> bytes, uint64_t key, uint64_t source);

class CacheWriter {
 public:
  using Sink = std::function<void(std::span<const std::byte>)>;

  // `sink` takes the bytes in order; what it throws comes out.
  CacheWriter(const CacheForm& form, uint64_t key, uint64_t source, Sink sink);
  ~CacheWriter();
  CacheWriter(const CacheWriter&) = delete;
  CacheWriter& operator=(const CacheWriter&) = delete;

  // Requires as many bytes as a picture has.
  void Add(std::span<const std::byte> pixels, int32_t label, std::string_view name);
  void Finish(const std::vector<std::string>& classes, const std::vector<Unreadable>& unreadable,
              const std::vector<std::string>& notes);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gan::core

#endif  // GAN_DATA_CACHE_FILE_H_
