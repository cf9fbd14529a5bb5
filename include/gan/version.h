// The version of the library.
#ifndef GAN_VERSION_H_
#define GAN_VERSION_H_

#include "gan/export.h"

namespace gan {

// "0.1.0" (semantic versioning). Static text. Thread-safe.
GAN_API const char* Version() noexcept;

}  // namespace gan

#endif  // GAN_VERSION_H_
