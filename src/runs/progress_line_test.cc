#include "runs/progress_line.h"

#include <gtest/gtest.h>

#include <cmath>

namespace gan::core {
namespace {

ProgressFigures Some() {
  ProgressFigures out;
  out.images = 128'000;
  out.of = 640'000;
  out.images_per_second = 2310.4;
  out.generator_loss = 0.8123;
  out.discriminator_loss = 1.2;
  out.real_score = 0.9;
  out.fake_score = -1.1;
  out.generator_gradient = 0.32;
  out.discriminator_gradient = 1e-7;
  return out;
}

TEST(ProgressLine, SaysEverything) {
  EXPECT_EQ(ProgressLine(Some()),
            "128,000 of 640,000  2,310 img/s  loss G 0.812 D 1.2  D(real) 0.9 D(fake) -1.1  grad G "
            "0.32 D 1e-07  guard: ok  3 min 42 s left");
}

TEST(ProgressLine, LeavesOutWhatIsNotKnown) {
  ProgressFigures figures;
  figures.of = 1000;
  EXPECT_EQ(ProgressLine(figures), "0 of 1,000  0 img/s  guard: ok");
  figures.images_per_second = 1e-9;
  figures.discriminator_loss = NAN;
  figures.guard = "not finite";
  EXPECT_EQ(ProgressLine(figures), "0 of 1,000  0 img/s  loss G - D nan  guard: not finite");
}

TEST(ProgressLine, EstimatesTheTimeLeft) {
  const auto line = [](double speed) {
    ProgressFigures figures;
    figures.of = 3600;
    figures.images_per_second = speed;
    return ProgressLine(figures);
  };
  EXPECT_TRUE(line(100).ends_with("  36 s left"));
  EXPECT_TRUE(line(1).ends_with("  1 h 00 min left"));
  EXPECT_TRUE(line(10).ends_with("  6 min 00 s left"));
}

}  // namespace
}  // namespace gan::core
