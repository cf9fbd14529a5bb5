// What libgan_training.so exports for ProjectPicture(), as training_module.h does for Train().
#ifndef GAN_API_PROJECT_MODULE_H_
#define GAN_API_PROJECT_MODULE_H_

#include "base/progress.h"
#include "training/projection.h"

namespace gan::core {

inline constexpr const char* kProjectFunction = "GanProject";
using ProjectFunction = void(const char* version, const ProjectionProblem* problem,
                             const ProjectionSettings* settings, const ProgressFn* progress,
                             const CancelFlag* cancel, ProjectedLatent* result);

}  // namespace gan::core

#endif  // GAN_API_PROJECT_MODULE_H_
