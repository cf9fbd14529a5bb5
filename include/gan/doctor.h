// What this build and this machine can do.
#ifndef GAN_DOCTOR_H_
#define GAN_DOCTOR_H_

#include <cstdint>
#include <string>
#include <vector>

#include "gan/engine.h"
#include "gan/export.h"

namespace gan {

struct DoctorReport {
  std::string version;
  std::string processor;
  int threads = 0;            // that EngineOptions::threads = 0 means
  uint64_t memory_total = 0;  // bytes this process may use
  uint64_t memory_available = 0;
  std::string cpu_target;                // the instruction set that runs
  std::string cpu_target_reason;         // why this one
  std::vector<std::string> cpu_targets;  // those this machine has, best first
  bool fast_bf16 = false;                // Precision::kBf16 is faster than kFp32
  bool torch = false;                    // LibTorch can be used
  std::string torch_status;              // its version, or why not
  std::string gpu;                       // one line
  std::vector<std::string> checkpoint_formats;
  std::vector<std::string> families;
  std::vector<std::string> picture_formats;
  bool video = false;        // MP4 or animated PNG can be written
  std::string video_status;  // which, by what encoder, or why not
  std::string model_folder;
  std::vector<std::string> models;          // in that folder
  std::vector<std::string> shipped_models;  // that come with gan
};

// Error kUsage: the CPU target asked for is not there. Thread-safe.
GAN_API DoctorReport Doctor(const EngineOptions& engine = {});

// As one JSON object. Thread-safe.
GAN_API std::string ToJson(const DoctorReport& report);

}  // namespace gan

#endif  // GAN_DOCTOR_H_
