// Which picture comes when: a pure function of a seed and the number of pictures drawn before, so
// that training that goes on needs to know nothing but that number.
#ifndef GAN_DATA_PICTURE_ORDER_H_
#define GAN_DATA_PICTURE_ORDER_H_

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace gan::core {

// Epoch e draws every picture once, in the order of a permutation of its own.
//
// Thread safety: yes. Holds two permutations, 4 bytes a picture each.
class PictureOrder {
 public:
  PictureOrder(int64_t pictures, uint64_t seed);  // 1 to 2^32 pictures

  // The picture drawn after `drawn` others.
  int64_t At(int64_t drawn);

  // Whether that drawing is to be mirrored: half of them are.
  bool Mirrored(int64_t drawn) const;

 private:
  using Permutation = std::shared_ptr<const std::vector<uint32_t>>;
  Permutation OfEpoch(int64_t epoch);

  int64_t pictures_;
  uint64_t seed_;
  std::mutex mutex_;
  std::array<int64_t, 2> epochs_{-1, -1};  // of the permutations held
  std::array<Permutation, 2> held_;
};

}  // namespace gan::core

#endif  // GAN_DATA_PICTURE_ORDER_H_
