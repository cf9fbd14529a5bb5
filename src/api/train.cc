#include "gan/training/train.h"

#include "api/training_module.h"
#include "runtime/plugin.h"

namespace gan {

TrainResult Train(const TrainOptions& options, const TrainEvents& events) {
  const auto train = reinterpret_cast<core::TrainFunction*>(
      core::LoadPluginFunction("training", core::kTrainFunction));
  TrainResult result;
  train(core::PluginVersion(), &options, &events, &result);
  return result;
}

}  // namespace gan
