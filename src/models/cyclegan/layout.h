// Reads the layers of a ResNet generator off its tensors.
#ifndef GAN_MODELS_CYCLEGAN_LAYOUT_H_
#define GAN_MODELS_CYCLEGAN_LAYOUT_H_

#include <string>
#include <string_view>

#include "models/cyclegan/network.h"
#include "models/state_dict.h"

namespace gan::core {

struct CycleGanLayout {
  CycleGanNetwork network;
  std::string spelling;  // for people
  std::string assumed;   // what the file does not say, "" when it says all
};

// "" when the names are those of a ResNet generator in a spelling that is known, else a clause.
std::string AgainstCycleGan(const StateDict& dict);

// Requires that nothing speaks against it. Error kBadData naming "cyclegan".
CycleGanLayout ReadCycleGan(const StateDict& dict);

// What the official implementation would call its modules.
struct CycleGanSizes {
  int64_t inputs = 3, outputs = 3, features = 64, blocks = 9, downs = 2;
  FollowingNorm norm = FollowingNorm::kInstance;
  bool dropout = false;  // moves the names behind it by one
  bool reflect_blocks = true;
  Sampling sampling = Sampling::kStrided;  // of kBilinear and kNearest the way down is kStrided
};
CycleGanNetwork CycleGanOf(const CycleGanSizes& sizes);

}  // namespace gan::core

#endif  // GAN_MODELS_CYCLEGAN_LAYOUT_H_
