// Work that is no step, kept out of pictures a second.
#ifndef GAN_TRAINING_TRAINER_PAUSE_H_
#define GAN_TRAINING_TRAINER_PAUSE_H_

#include <chrono>

namespace gan::core {

// Adds the time that it lived to `total`.
class Pause {
 public:
  explicit Pause(std::chrono::steady_clock::duration& total)
      : total_(total), begun_(std::chrono::steady_clock::now()) {}
  ~Pause() { total_ += std::chrono::steady_clock::now() - begun_; }
  Pause(const Pause&) = delete;
  Pause& operator=(const Pause&) = delete;

 private:
  std::chrono::steady_clock::duration& total_;
  std::chrono::steady_clock::time_point begun_;
};

}  // namespace gan::core

#endif  // GAN_TRAINING_TRAINER_PAUSE_H_
