// What a run shows of itself while it goes on.
#ifndef GAN_RUNS_PROGRESS_LINE_H_
#define GAN_RUNS_PROGRESS_LINE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gan::core {

// What is not known yet stays empty.
struct ProgressFigures {
  int64_t images = 0;  // seen
  int64_t of = 0;      // train.images
  double images_per_second = 0;
  std::optional<double> generator_loss;
  std::optional<double> discriminator_loss;
  std::optional<double> real_score;  // mean of D(real), the logit
  std::optional<double> fake_score;
  std::optional<double> generator_gradient;  // norms
  std::optional<double> discriminator_gradient;
  std::string_view guard = "ok";
};

// One line: "128,000 of 640,000  2,310 img/s  loss G 0.81 D 1.21  D(real) 0.9 D(fake) -1.1
// grad G 0.32 D 0.8  guard: ok  3 min 41 s left".
std::string ProgressLine(const ProgressFigures& figures);

}  // namespace gan::core

#endif  // GAN_RUNS_PROGRESS_LINE_H_
