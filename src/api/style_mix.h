// The sheet of mixed styles that gan::Sample() makes.
#ifndef GAN_API_STYLE_MIX_H_
#define GAN_API_STYLE_MIX_H_

#include <string>

#include "api/model_state.h"
#include "gan/sample.h"

namespace gan::core {

// As of SampleOptions::mix_rows, and so the errors.
gan::SampleResult SampleMixed(gan::Model::State& state, const std::string& output,
                              const gan::SampleOptions& options, const gan::SampleEvents& events);

}  // namespace gan::core

#endif  // GAN_API_STYLE_MIX_H_
