#include "gan/version.h"

namespace gan {

const char* Version() noexcept { return GAN_VERSION; }

}  // namespace gan
