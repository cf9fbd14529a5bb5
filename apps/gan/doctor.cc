// gan doctor: what this build and this machine can do.
#include "gan/doctor.h"

#include <memory>

#include "command.h"
#include "reporter.h"
#include "text.h"

namespace gan::cli {
namespace {

constexpr const char* kExamples =
    "  gan doctor\n"
    "  gan doctor --cpu-target avx2        whether this instruction set can be had\n";

void Show(const DoctorReport& report, Reporter& reporter) {
  reporter.Result("gan " + report.version);
  reporter.Result("processor:    " + report.processor);
  reporter.Result("CPU target:   " + report.cpu_target + " (" + report.cpu_target_reason +
                  "); there are " + Joined(report.cpu_targets, "none"));
  reporter.Result(report.fast_bf16
                      ? "precision:    fp32; bf16 is faster here (AVX-512 BF16), to about 55 dB"
                      : "precision:    fp32; bf16 would round and be no faster");
  reporter.Result("threads:      " + std::to_string(report.threads));
  reporter.Result("memory:       " + Bytes(report.memory_available) + " free of " +
                  Bytes(report.memory_total));
  reporter.Result("LibTorch:     " + report.torch_status);
  reporter.Result("GPU:          " + report.gpu);
  reporter.Result("checkpoints:  " + Joined(report.checkpoint_formats, "none"));
  reporter.Result("families:     " + Joined(report.families, "none"));
  reporter.Result("pictures:     " + Joined(report.picture_formats, "none"));
  reporter.Result("video:        " + report.video_status);
  reporter.Result("models:       " + Shown(Joined(report.shipped_models, "none")) +
                  " come with gan");
  reporter.Result("model folder: " + Shown(report.model_folder) + " holds " +
                  Shown(Joined(report.models, "none")) +
                  (report.models.empty() ? " of yours" : ""));
}

}  // namespace

void AddDoctor(CLI::App& app, Action& action) {
  const auto common = std::make_shared<Common>();
  CLI::App& command =
      AddCommand(app, "doctor", "show what this build and this machine can do", kExamples);
  AddCommon(command, *common, Reads::kNothing);
  command.callback([common, &action] {
    action = [common] {
      Reporter reporter(*common);
      const DoctorReport report = Doctor(common->engine);
      reporter.Event(Json::parse(ToJson(report)));
      Show(report, reporter);
      return 0;
    };
  });
}

}  // namespace gan::cli
