// The module's side of gan::ProjectPicture(). Compiled into libgan_training.so alone.
#include "api/project_module.h"

#include "runtime/plugin.h"
#include "training/torch_errors.h"

extern "C" __attribute__((visibility("default"))) void GanProject(
    const char* version, const gan::core::ProjectionProblem* problem,
    const gan::core::ProjectionSettings* settings, const gan::core::ProgressFn* progress,
    const gan::core::CancelFlag* cancel, gan::core::ProjectedLatent* result) {
  gan::core::CheckPluginVersion(version);
  gan::core::WithTorchErrors(
      [&] { *result = gan::core::ProjectOntoLatents(*problem, *settings, *progress, cancel); });
}
