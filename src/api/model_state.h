// What stands behind a gan::Model.
#ifndef GAN_API_MODEL_STATE_H_
#define GAN_API_MODEL_STATE_H_

#include <memory>

#include "api/engine.h"
#include "gan/model.h"
#include "models/model.h"
#include "runtime/backend.h"

namespace gan {

struct Model::State {
  State(core::Model generator, const EngineOptions& engine_options,
        const DropoutOptions& dropout = {});

  EngineOptions options;
  core::Engine engine;
  core::Model model;
  std::string name;  // of the file, without its folder; "" where there is none
  ModelInfo info;
  std::unique_ptr<core::Executable> executable;
};

}  // namespace gan

#endif  // GAN_API_MODEL_STATE_H_
