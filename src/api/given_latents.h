// Latents as a caller of gan::Sample() names them: a file, or a seed and whose numbers it gives.
#ifndef GAN_API_GIVEN_LATENTS_H_
#define GAN_API_GIVEN_LATENTS_H_

#include "api/model_state.h"
#include "gan/sample.h"
#include "tasks/latents.h"
#include "tasks/sample.h"
#include "tensor/tensor.h"

namespace gan::core {

// What a network takes, a row a picture.
struct GivenLatents {
  Tensor rows;
  bool styles = false;  // for the model's synthesis; else numbers for all of it
  LatentFile file;
};

// Of the file `path`. Error kNoInput, kBadData as of ReadNpy, and as of KindOf; or it holds none.
GivenLatents ReadLatents(const gan::Model::State& state, const std::string& path, LatentKind kind);

// Error kUsage: a source that draws nothing again, where the truncation asks for it.
LatentSource SourceOf(const gan::SampleOptions& options);

}  // namespace gan::core

#endif  // GAN_API_GIVEN_LATENTS_H_
