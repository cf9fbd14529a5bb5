// The readers of untrusted bytes, as the fuzz targets, the mutator and the tests drive them.
#ifndef GAN_TESTS_FUZZ_FUZZED_FORMATS_H_
#define GAN_TESTS_FUZZ_FUZZED_FORMATS_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gan::core::fuzz {

struct FuzzedFormat {
  std::string_view name;
  // Valid files, made here; the same each time.
  std::vector<std::string> (*seeds)();
  // Reads, and touches every byte of what was read. Throws what the reader throws; anything but
  // Error(kBadData) is a failure of the reader.
  void (*read)(std::span<const std::byte> bytes);
};

// One line per format, in fuzzed_formats.cc.
std::span<const FuzzedFormat> FuzzedFormats();
const FuzzedFormat* FindFuzzedFormat(std::string_view name);  // nullptr when there is none

}  // namespace gan::core::fuzz

#endif  // GAN_TESTS_FUZZ_FUZZED_FORMATS_H_
