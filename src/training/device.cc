#include "training/device.h"

#include <c10/util/Exception.h>

#include <cstdlib>

#include "base/error.h"

namespace gan::core {
namespace {

at::Device Parsed(const std::string& name) {
  try {
    return at::Device(name);
  } catch (const c10::Error&) {
    Fail(ErrorCode::kUsage, "device", "wants cpu, cuda or cuda:N, got \"{}\"", Printable(name));
  }
}

}  // namespace

at::Device TrainingDeviceNamed(const std::string& name) {
  const char* local = std::getenv("LOCAL_RANK");
  const bool shared = name == "cuda" && local != nullptr && *local != '\0';
  const at::Device device = Parsed(shared ? name + ":" + local : name);
  if (device.is_cpu()) return device;
  if (!device.is_cuda()) {
    Fail(ErrorCode::kUsage, "device", "wants cpu, cuda or cuda:N, got \"{}\"", Printable(name));
  }
  if (!at::hasCUDA()) {
    Fail(ErrorCode::kConfiguration, "device",
         "\"{}\" wants a GPU that LibTorch can use: this LibTorch has no CUDA, or there is none",
         Printable(name));
  }
  return device;
}

}  // namespace gan::core
