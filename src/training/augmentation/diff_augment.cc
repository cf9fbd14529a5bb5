#include "training/augmentation/diff_augment.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.h"

namespace gan::core {
namespace {

at::Tensor PerPicture(const at::Tensor& values) { return values.reshape({-1, 1, 1, 1}); }

at::Tensor Colour(const at::Tensor& x, StepRandom& random) {
  const at::Tensor draw = random.Uniform(3);
  const auto column = [&](int64_t i) { return PerPicture(draw.select(1, i)); };
  at::Tensor out = x + (column(0) - 0.5);  // brightness
  if (x.size(1) >= 3) {
    const at::Tensor grey = out.mean(1, /*keepdim=*/true);
    out = grey + (out - grey) * (column(1) * 2);  // saturation
  }
  const at::Tensor mean = out.mean({1, 2, 3}, /*keepdim=*/true);
  return mean + (out - mean) * (column(2) + 0.5);  // contrast
}

// Whole numbers from [0, count), one a picture.
at::Tensor Whole(const at::Tensor& uniform, int64_t count) {
  return (uniform * static_cast<double>(count)).floor().clamp_max(static_cast<double>(count - 1));
}

// Pixels come from a picture with a border of black, by one gather.
at::Tensor Translation(const at::Tensor& x, StepRandom& random) {
  const int64_t height = x.size(2), width = x.size(3);
  const int64_t reach_y = (height + 4) / 8, reach_x = (width + 4) / 8;
  const at::Tensor draw = random.Uniform(2);
  const at::Tensor dy = Whole(draw.select(1, 0), 2 * reach_y + 1).to(at::kLong);
  const at::Tensor dx = Whole(draw.select(1, 1), 2 * reach_x + 1).to(at::kLong);
  const at::Tensor padded =
      at::constant_pad_nd(x, {reach_x, reach_x, reach_y, reach_y}, -1.0);  // black
  const auto options = dy.options();
  const at::Tensor rows = at::arange(height, options).reshape({1, -1, 1}) + dy.reshape({-1, 1, 1});
  const at::Tensor columns =
      at::arange(width, options).reshape({1, 1, -1}) + dx.reshape({-1, 1, 1});
  const at::Tensor flat = (rows * padded.size(3) + columns).reshape({x.size(0), 1, -1});
  return padded.flatten(2)
      .gather(2, flat.expand({x.size(0), x.size(1), height * width}))
      .reshape(x.sizes());
}

at::Tensor Cutout(const at::Tensor& x, StepRandom& random) {
  const int64_t height = x.size(2), width = x.size(3);
  const at::Tensor draw = random.Uniform(2);
  const auto outside = [&](int64_t column, int64_t size) {
    const int64_t hole = (size + 1) / 2;
    const at::Tensor centre = Whole(draw.select(1, column), size + (1 - hole % 2)).reshape({-1, 1});
    const at::Tensor at = at::arange(size, centre.options()).reshape({1, -1});
    const double half = static_cast<double>(hole / 2);
    return at.lt(centre - half).logical_or(at.ge(centre - half + static_cast<double>(hole)));
  };
  const at::Tensor keep =
      outside(0, height).unsqueeze(2).logical_or(outside(1, width).unsqueeze(1));
  return x * keep.unsqueeze(1).to(x.scalar_type());
}

using Operation = at::Tensor (*)(const at::Tensor& x, StepRandom& random);
constexpr std::array<std::pair<std::string_view, Operation>, 3> kOperations = {
    {{"color", Colour}, {"translation", Translation}, {"cutout", Cutout}}};

}  // namespace

DiffAugment::DiffAugment(std::vector<std::string> operations) : operations_(std::move(operations)) {
  if (operations_.empty()) operations_ = {"color", "translation", "cutout"};
  for (const std::string& name : operations_) {
    const bool known = std::ranges::any_of(
        kOperations, [&](const auto& operation) { return operation.first == name; });
    if (known) continue;
    Fail(ErrorCode::kConfiguration, "augment",
         "\"diffaugment\" knows color, translation and cutout, got \"{}\"", Printable(name));
  }
}

at::Tensor DiffAugment::Apply(const at::Tensor& pictures, StepRandom& random) const {
  at::Tensor out = pictures;
  for (const auto& [name, operation] : kOperations) {
    if (std::ranges::find(operations_, name) != operations_.end()) out = operation(out, random);
  }
  return out;
}

}  // namespace gan::core
