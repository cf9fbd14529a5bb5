// Uses the installed C++ headers: every one of them, to see that none needs another that is
// missing.
#include <cstdio>

#include "gan/array.h"
#include "gan/bench.h"
#include "gan/checkpoint.h"
#include "gan/doctor.h"
#include "gan/engine.h"
#include "gan/error.h"
#include "gan/model.h"
#include "gan/progress.h"
#include "gan/upscale.h"
#include "gan/version.h"

int main() {
  std::printf("gan %s: %d threads\n", gan::Version(), gan::Doctor().threads);
  const gan::Model model = gan::Model::Random("compact", {{"num_feat", 8}, {"num_conv", 1}});
  const gan::Array output = model.Run({{1, 3, 4, 4}, std::vector<float>(48, 0.5f)});
  return output.shape[3] == 16 ? 0 : 1;
}
