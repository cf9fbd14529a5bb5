// What stands behind a gan::Model.
#ifndef GAN_API_MODEL_STATE_H_
#define GAN_API_MODEL_STATE_H_

#include <memory>

#include "api/engine.h"
#include "gan/model.h"
#include "models/model.h"
#include "runtime/backend.h"

namespace gan {

// Thread safety: as of Model.
struct Model::State {
  State(core::Model generator, const EngineOptions& engine_options,
        const DropoutOptions& dropout = {});

  EngineOptions options;
  core::Engine engine;
  core::Model model;
  std::string name;  // of the file, without its folder; "" where there is none
  ModelInfo info;
  std::unique_ptr<core::Executable> executable;

  // The halves of a model with styles, made when first asked for. Require model.style.
  core::Executable& Mapping();
  core::Executable& Synthesis();
  core::Executable& SynthesisOfTruncated();  // the same, for styles that are truncated already

 private:
  std::unique_ptr<core::Executable> mapping_;
  std::unique_ptr<core::Executable> synthesis_;
  std::unique_ptr<core::Executable> synthesis_of_truncated_;
};

}  // namespace gan

#endif  // GAN_API_MODEL_STATE_H_
