#include "metrics/seeded_choice.h"

#include "base/error.h"

namespace gan::core {

// Selection sampling: number i is taken with probability (still wanted) / (still there). (Knuth,
// The Art of Computer Programming 2, 3.4.2, algorithm S.)
std::vector<int64_t> Choose(int64_t count, int64_t wanted, Random& random) {
  GAN_ASSERT(wanted >= 0 && wanted <= count);
  std::vector<int64_t> chosen;
  chosen.reserve(static_cast<size_t>(wanted));
  for (int64_t i = 0; static_cast<int64_t>(chosen.size()) < wanted; ++i) {
    const auto missing = static_cast<uint64_t>(wanted) - chosen.size();
    if (random.Below(static_cast<uint64_t>(count - i)) < missing) chosen.push_back(i);
  }
  return chosen;
}

}  // namespace gan::core
