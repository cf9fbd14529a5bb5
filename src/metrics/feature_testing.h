// Sets of features whose statistics are known. For tests.
#ifndef GAN_METRICS_FEATURE_TESTING_H_
#define GAN_METRICS_FEATURE_TESTING_H_

#include <cmath>
#include <limits>
#include <string>

#include "base/error.h"
#include "base/random.h"
#include "tensor/tensor.h"

namespace gan::core {

// Neither random nor regular, and the same in NumPy, where the numbers in tests come from:
//   i = np.arange(1, n+1)[:, None]; j = np.arange(1, width+1)[None, :]
//   wave = (np.sin(i*j*0.37 + i*i*0.113 + phase) * (1 + 0.1*j)).astype(np.float32) *
//   np.float32(scale)
inline Tensor Wave(int64_t n, int64_t width, double phase, float scale = 1) {
  Tensor out(DType::kF32, {n, width});
  float* to = out.floats().data();
  for (int64_t i = 1; i <= n; ++i) {
    for (int64_t j = 1; j <= width; ++j) {
      const auto x = static_cast<double>(i), y = static_cast<double>(j);
      *to++ = static_cast<float>(std::sin(x * y * 0.37 + x * x * 0.113 + phase) * (1 + 0.1 * y)) *
              scale;
    }
  }
  return out;
}

inline Tensor Normal(int64_t n, int64_t width, uint64_t seed, float mean = 0, float deviation = 1) {
  Tensor out(DType::kF32, {n, width});
  Random(seed).FillNormal(out.floats(), deviation);
  for (float& value : out.floats()) value += mean;
  return out;
}

inline Tensor Constant(int64_t n, int64_t width, float value) {
  Tensor out(DType::kF32, {n, width});
  for (float& element : out.floats()) element = value;
  return out;
}

inline Tensor WithNan(Tensor features) {
  features.floats()[features.floats().size() / 2] = std::numeric_limits<float>::quiet_NaN();
  return features;
}

// The message of the error that `work` ends with.
template <class Work>
std::string ErrorOf(Work&& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

inline bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace gan::core

#endif  // GAN_METRICS_FEATURE_TESTING_H_
