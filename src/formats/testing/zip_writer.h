// Writes zip archives for tests.
#ifndef GAN_FORMATS_TESTING_ZIP_WRITER_H_
#define GAN_FORMATS_TESTING_ZIP_WRITER_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace gan::core::testing {

class ZipWriter {
 public:
  struct Options {
    bool deflate = false;
    bool descriptors = false;  // sizes and checksum follow the data, the local header has zeros
    bool checksums = true;     // false: the checksum is 0
    bool zip64 = false;        // sizes are in extra fields
  };
  ZipWriter() = default;
  explicit ZipWriter(const Options& options) : options_(options) {}

  void Add(std::string_view name, std::string_view data);  // a name that ends with '/': a folder
  std::string Finish();

 private:
  Options options_;
  std::string bytes_;
  std::string directory_;
  uint16_t entries_ = 0;
};

}  // namespace gan::core::testing

#endif  // GAN_FORMATS_TESTING_ZIP_WRITER_H_
