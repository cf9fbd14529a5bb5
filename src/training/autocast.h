// Reduced precision while a network runs. (Micikevicius et al. 2018, "Mixed Precision Training")
#ifndef GAN_TRAINING_AUTOCAST_H_
#define GAN_TRAINING_AUTOCAST_H_

#include <ATen/ATen.h>

#include <cstdint>
#include <string>

namespace gan::core {

// While it lives, LibTorch runs matrix products and convolutions of this thread in "bf16" or
// "fp16"; "fp32" changes nothing.
class Autocast {
 public:
  Autocast(const std::string& precision, at::Device device);
  ~Autocast();
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  bool on_;
  bool cuda_;
};

// What losses are multiplied by so that small gradients survive fp16; 1 otherwise. Halved when a
// gradient overflows, doubled after many that did not.
class LossScale {
 public:
  explicit LossScale(const std::string& precision);
  double scale() const { return state_.scale; }
  void Update(bool finite);

  struct State {
    double scale = 1;
    int64_t good = 0;  // steps since the last change
    bool operator==(const State&) const = default;
  };
  const State& state() const { return state_; }
  void Restore(const State& state) { state_ = state; }

 private:
  bool dynamic_;
  State state_;
};

}  // namespace gan::core

#endif  // GAN_TRAINING_AUTOCAST_H_
