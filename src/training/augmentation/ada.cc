#include "training/augmentation/ada.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "base/error.h"
#include "training/augmentation/diff_augment.h"

namespace gan::core {
namespace {

// Images between two changes of the probability; the paper's 4 minibatches of 64.
constexpr int64_t kInterval = 256;

constexpr std::array<std::string_view, 7> kOperations = {"flip",   "rotate90", "translate", "scale",
                                                         "rotate", "color",    "cutout"};
constexpr double kLogScale = 0.2;  // standard deviation of log2 of sizes, as the paper has it
constexpr double kTranslation = 0.125;

// Affine maps of [N, 2, 3] as 3x3 matrices, to be multiplied.
class Maps {
 public:
  Maps(int64_t count, at::Device device)
      : matrices_(at::eye(3, at::TensorOptions().device(device)).repeat({count, 1, 1})) {}

  // Entries [N] of the 2x3 part.
  void Multiply(const at::Tensor& a, const at::Tensor& b, const at::Tensor& tx, const at::Tensor& c,
                const at::Tensor& d, const at::Tensor& ty) {
    const at::Tensor zero = at::zeros_like(a), one = at::ones_like(a);
    const at::Tensor map = at::stack({a, b, tx, c, d, ty, zero, zero, one}, 1).reshape({-1, 3, 3});
    matrices_ = at::bmm(map, matrices_);
  }
  at::Tensor Theta() const { return matrices_.narrow(1, 0, 2); }

 private:
  at::Tensor matrices_;
};

// `changed` where the coin fell, 1 or 0 ("unchanged") elsewhere.
at::Tensor Where(const at::Tensor& coin, const at::Tensor& changed, double unchanged) {
  return coin * changed + (1 - coin) * unchanged;
}

}  // namespace

void AdaController::Observe(double mean_sign, int64_t images) {
  state_.sum += mean_sign * static_cast<double>(images);
  state_.images += images;
  if (state_.images < kInterval) return;
  const double heuristic = state_.sum / static_cast<double>(state_.images);
  const double step = static_cast<double>(state_.images) / static_cast<double>(images_);
  state_.probability += heuristic > target_ ? step : -step;
  state_.probability = std::clamp(state_.probability, 0.0, 1.0);
  state_.sum = 0;
  state_.images = 0;
}

AdaPipeline::AdaPipeline(std::vector<std::string> operations) : operations_(std::move(operations)) {
  if (operations_.empty()) operations_ = {kOperations.begin(), kOperations.end() - 1};
  for (const std::string& name : operations_) {
    if (std::ranges::find(kOperations, name) != kOperations.end()) continue;
    Fail(ErrorCode::kConfiguration, "augment",
         "\"ada\" knows flip, rotate90, translate, scale, rotate, color and cutout, got \"{}\"",
         Printable(name));
  }
}

bool AdaPipeline::Has(std::string_view operation) const {
  return std::ranges::find(operations_, operation) != operations_.end();
}

at::Tensor AdaPipeline::Geometry(const at::Tensor& x, double probability,
                                 StepRandom& random) const {
  Maps maps(x.size(0), x.device());
  const at::Tensor zero = at::zeros({x.size(0)}, x.options().dtype(at::kFloat));
  const at::Tensor one = at::ones_like(zero);
  const auto turn = [&](const at::Tensor& angle) {
    const at::Tensor c = angle.cos(), s = angle.sin();
    maps.Multiply(c, -s, zero, s, c, zero);
  };
  const auto uniform = [&] { return random.Uniform(1).flatten(); };
  if (Has("flip")) {
    // Half of those chosen are turned round.
    const at::Tensor coin = random.Coin(probability) * uniform().lt(0.5).to(at::kFloat);
    maps.Multiply(1 - 2 * coin, zero, zero, zero, one, zero);
  }
  if (Has("rotate90")) {
    const at::Tensor quarter = (uniform() * 4).floor() * (std::numbers::pi / 2);
    turn(random.Coin(probability) * quarter);
  }
  if (Has("translate")) {
    const at::Tensor coin = random.Coin(probability);
    // Sizes in [-1, 1], so that one side is 2.
    const at::Tensor tx = (uniform() * 2 - 1) * (2 * kTranslation);
    const at::Tensor ty = (uniform() * 2 - 1) * (2 * kTranslation);
    maps.Multiply(one, zero, coin * tx, zero, one, coin * ty);
  }
  if (Has("scale")) {
    const auto size = [&] {
      const at::Tensor coin = random.Coin(probability);
      return Where(coin, at::exp2(random.Normal(1).flatten() * kLogScale), 1);
    };
    const at::Tensor both = size(), aspect = size();
    maps.Multiply(both * aspect, zero, zero, zero, both / aspect, zero);
  }
  if (Has("rotate")) {
    turn(random.Coin(probability) * (uniform() * 2 - 1) * std::numbers::pi);
  }
  const at::Tensor grid = at::affine_grid_generator(maps.Theta(), x.sizes(), false);
  // Bilinear, borders by reflection.
  return at::grid_sampler(x, grid, 0, 2, false);
}

at::Tensor AdaPipeline::Colour(const at::Tensor& x, double probability, StepRandom& random) const {
  const auto per_picture = [](const at::Tensor& v) { return v.reshape({-1, 1, 1, 1}); };
  const at::Tensor brightness = random.Coin(probability) * random.Normal(1).flatten() * 0.2;
  const at::Tensor contrast =
      Where(random.Coin(probability), at::exp2(random.Normal(1).flatten() * 0.5), 1);
  at::Tensor out = (x + per_picture(brightness)) * per_picture(contrast);
  if (x.size(1) >= 3) {
    const at::Tensor saturation =
        Where(random.Coin(probability), at::exp2(random.Normal(1).flatten()), 1);
    const at::Tensor grey = out.mean(1, /*keepdim=*/true);
    out = grey + (out - grey) * per_picture(saturation);
  }
  return out;
}

at::Tensor AdaPipeline::Apply(const at::Tensor& pictures, double probability,
                              StepRandom& random) const {
  if (probability <= 0) return pictures;
  at::Tensor out = pictures;
  const bool geometry = std::ranges::any_of(
      operations_, [](const std::string& name) { return name != "color" && name != "cutout"; });
  if (geometry) out = Geometry(out, probability, random);
  if (Has("color")) out = Colour(out, probability, random);
  if (Has("cutout")) {
    const at::Tensor coin = random.Coin(probability).reshape({-1, 1, 1, 1});
    static const DiffAugment cutout({"cutout"});
    out = coin * cutout.Apply(out, random) + (1 - coin) * out;
  }
  return out;
}

}  // namespace gan::core
