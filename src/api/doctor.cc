#include "gan/doctor.h"

#include <cstdlib>
#include <thread>

#include "api/engine.h"
#include "base/system.h"
#include "gan/error.h"
#include "gan/model.h"
#include "gan/version.h"
#include "kernels/target.h"
#include "kernels/winograd.h"
#include "media/video_encoder.h"
#include "models/model.h"
#include "runtime/plugin.h"

namespace gan {
namespace {

std::string ReasonForTarget(const EngineOptions& engine, const DoctorReport& report) {
  if (!engine.cpu_target.empty()) return "asked for";
  return report.cpu_targets.front() == report.cpu_target ? "the best this processor has"
                                                         : "chosen earlier in this process";
}

void LookForTorch(DoctorReport& report) {
  report.gpu = "none used: this build's engine runs on the processor";
  try {
    const std::unique_ptr<core::Backend> backend = core::LoadBackendPlugin("torch", {});
    report.torch = true;
    report.torch_status = backend->target();
  } catch (const Error& error) {
    report.torch_status = error.what();
  }
}

void LookForVideo(DoctorReport& report) {
  try {
    auto* describe = reinterpret_cast<core::DescribeVideoFunction*>(
        core::LoadPluginFunction("video", core::kDescribeVideoFunction));
    describe(core::PluginVersion(), &report.video_status);
    report.video = !report.video_status.empty();
    if (!report.video) report.video_status = "none: this FFmpeg encodes neither H.264 nor PNG";
  } catch (const Error& error) {
    report.video_status = error.what();
  }
}

}  // namespace

DoctorReport Doctor(const EngineOptions& engine) {
  core::ChooseTarget(engine);
  DoctorReport report;
  report.version = Version();
  report.processor = core::ProcessorName();
  report.threads = core::ThreadPool::AvailableProcessors();
  report.memory_total = core::TotalMemory();
  report.memory_available = core::AvailableMemory();
  report.cpu_targets = core::kernels::AvailableTargets();
  report.cpu_target = core::kernels::CurrentTarget();
  report.cpu_target_reason = ReasonForTarget(engine, report);
  report.fast_bf16 = core::kernels::Bf16Numbers() == core::kernels::WinogradNumbers::kPairs;
  LookForTorch(report);
  report.checkpoint_formats = {"PyTorch zip", "PyTorch legacy", "TorchScript", "Python pickle",
                               "safetensors", "ncnn",           "ONNX"};
  for (const std::string_view family : core::FamilyNames()) report.families.emplace_back(family);
  for (const char* format : {"ncnn", "onnx"}) report.families.emplace_back(format);
  report.picture_formats = {"png", "jpeg", "webp", "tiff"};
  LookForVideo(report);
  report.model_folder = ModelFolder();
  report.models = ListModels();
  report.shipped_models = ListShippedModels();
  return report;
}

}  // namespace gan
