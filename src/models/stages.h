// How the trained networks climb from a few pixels to a picture, stage by stage.
#ifndef GAN_MODELS_STAGES_H_
#define GAN_MODELS_STAGES_H_

#include <cstdint>

namespace gan::core {

// size = base << doublings.
struct Stages {
  int64_t base = 4;  // 7 for pictures of 28 pixels
  int64_t doublings = 0;
};

// Requires a size that IsPictureSize() takes.
Stages StagesOf(int64_t size);

// True for 28 and the powers of two from 16 to 256.
bool IsPictureSize(int64_t size);

// The features `doublings` stages below the picture, where there are `width`: twice as many each
// stage, `widest` times at most.
int64_t Widened(int64_t width, int64_t doublings, int64_t widest);

}  // namespace gan::core

#endif  // GAN_MODELS_STAGES_H_
