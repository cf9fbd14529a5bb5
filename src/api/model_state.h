// What stands behind a gan::Model.
#ifndef GAN_API_MODEL_STATE_H_
#define GAN_API_MODEL_STATE_H_

#include <memory>

#include "api/engine.h"
#include "gan/model.h"
#include "models/model.h"
#include "models/style_choice.h"
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

  core::StyleChoice style;        // written into the parameters
  core::NamedTensors file_given;  // the parameters before that; empty where nothing was chosen

  // With another choice of styles than this one, whatever this one's is. Errors of
  // ApplyStyleChoice.
  std::shared_ptr<State> With(const core::StyleChoice& choice) const;

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
