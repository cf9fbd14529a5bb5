// libFuzzer's entry, compiled once per format (GAN_FUZZ_FORMAT).
#include <cstddef>
#include <cstdint>
#include <span>

#include "fuzzed_formats.h"
#include "gan/error.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace gan::core::fuzz;
  static const FuzzedFormat* const format = FindFuzzedFormat(GAN_FUZZ_FORMAT);
  try {
    format->read(std::as_bytes(std::span(data, size)));
  } catch (const gan::Error& error) {
    if (error.code() != gan::ErrorCode::kBadData) throw;  // ends the run, and the input is kept
  }
  return 0;
}
