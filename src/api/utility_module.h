// What libgan_training.so exports for gan::MeasureUtility(), as training_module.h does for Train().
#ifndef GAN_API_UTILITY_MODULE_H_
#define GAN_API_UTILITY_MODULE_H_

#include "gan/training/utility.h"

namespace gan::core {

inline constexpr const char* kUtilityFunction = "GanUtility";
// `report` has `real` and `generated` filled in.
using UtilityFunction = void(const char* version, const gan::UtilityOptions* options,
                             const gan::ProgressFn* progress, const gan::CancelFlag* cancel,
                             gan::UtilityReport* report);

}  // namespace gan::core

#endif  // GAN_API_UTILITY_MODULE_H_
