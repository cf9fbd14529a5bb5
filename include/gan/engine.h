// What runs a network and how: the options that mean the same everywhere.
#ifndef GAN_ENGINE_H_
#define GAN_ENGINE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "gan/export.h"

namespace gan {

// One field of a struct of options, so that its name, its text and its check are written once.
template <class Options>
struct Option {
  const char* name;   // "max-memory": --max-memory on the command line, the key elsewhere
  const char* value;  // what it takes: "SIZE"; words to choose from: "auto|off|N"; "" for a switch
  const char* help;   // one line, with unit and default
  // Parses `text` and stores it; a switch takes "on" or "off". Error kUsage naming the option.
  void (*set)(Options& options, std::string_view text);
};

enum class Device {
  kCpu,    // this library's own engine
  kTorch,  // LibTorch, where the build has it (a plug-in, loaded when first asked for)
};

// Of the CPU engine. kAuto is kFp32. kBf16 rounds what most convolutions multiply to bf16 and sums
// in fp32: faster where the processor has AVX-512 BF16, the same speed elsewhere; results stay
// within about 55 dB of kFp32.
enum class Precision { kAuto, kFp32, kBf16 };

struct EngineOptions {
  Device device = Device::kCpu;
  int threads = 0;  // 0: every processor this process may use
  Precision precision = Precision::kAuto;
  // Bytes that a job may take. 0: three quarters of the memory that is free when it starts.
  uint64_t max_memory = 0;
  // Instruction set of the CPU engine, one of DoctorReport::cpu_targets; "": the best there is.
  // The choice holds for the whole process from then on. Do not change it while a model runs.
  std::string cpu_target;
};

// How checkpoints are read.
struct LoadOptions {
  bool allow_non_finite = false;          // weights that are NaN or infinite are refused unless
  uint64_t max_file = uint64_t{8} << 30;  // bytes
};

// The fields of both, by name. Static memory. Thread-safe.
GAN_API std::span<const Option<EngineOptions>> EngineOptionList();
GAN_API std::span<const Option<LoadOptions>> LoadOptionList();

// What the library says on standard error: -1 errors only, 0 warnings (default), 1 information (why
// a slow path was taken), 2 debugging. For the whole process. Thread-safe.
GAN_API void SetVerbosity(int level);

}  // namespace gan

#endif  // GAN_ENGINE_H_
