#include "tasks/latents.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "base/random.h"
#include "tasks/published_latents.h"

namespace gan::core {
namespace {

// A stream of its own for each (seed, index, purpose): neighbours share nothing, since the seed is
// scattered over all 64 bits before the index is added.
Random StreamOf(uint64_t seed, int64_t index, uint64_t purpose) {
  const uint64_t scattered = Random(seed + purpose * 0xD1342543DE82EF95u).Next();
  return Random(scattered + static_cast<uint64_t>(index));
}

constexpr uint64_t kNumbers = 0;
constexpr uint64_t kLabel = 1;

}  // namespace

Latents::Latents(int64_t size, uint64_t seed, std::optional<double> truncation)
    : size_(size), seed_(seed), truncation_(truncation) {
  GAN_ASSERT(size >= 1 && (!truncation || *truncation >= 0.01));
}

Latents::Latents(int64_t size, uint64_t seed, LatentSource source)
    : size_(size), seed_(seed), source_(source) {
  GAN_ASSERT(size >= 1);
}

Latents::Latents(Tensor rows) : size_(rows.shape()[1]), rows_(std::move(rows)) {
  GAN_ASSERT(rows_->shape().rank() == 2 && rows_->dtype() == DType::kF32);
}

std::optional<int64_t> Latents::count() const {
  if (!rows_ || source_ != LatentSource::kOwn) return std::nullopt;
  return rows_->shape()[0];
}

void Latents::Draw(int64_t count) {
  if (source_ == LatentSource::kOwn) return;
  constexpr int64_t kMostNumbers = int64_t{1} << 28;
  if (count > kMostNumbers / size_) {
    Fail(ErrorCode::kUsage, "rng",
         "draws all numbers at once, and {} x {} are too many: --rng own draws one picture's",
         count, size_);
  }
  rows_ = Tensor(DType::kF32, {count, size_});
  source_ == LatentSource::kTorch ? FillAsTorch(seed_, rows_->floats())
                                  : FillAsNumpy(seed_, rows_->floats());
}

void Latents::Fill(int64_t index, std::span<float> out) const {
  GAN_ASSERT(static_cast<int64_t>(out.size()) == size_ && index >= 0);
  if (rows_) {
    GAN_ASSERT(index < rows_->shape()[0]);
    const auto from =
        std::as_const(*rows_).floats().subspan(static_cast<size_t>(index * size_), out.size());
    std::ranges::copy(from, out.begin());
    return;
  }
  Random random = StreamOf(seed_, index, kNumbers);
  for (float& number : out) {
    do {
      number = random.Normal();
    } while (truncation_ && std::abs(double{number}) > *truncation_);
  }
}

int64_t DrawBelow(uint64_t seed, int64_t index, int64_t bound) {
  return static_cast<int64_t>(StreamOf(seed, index, kLabel).Below(static_cast<uint64_t>(bound)));
}

void Interpolate(Interpolation kind, std::span<const float> a, std::span<const float> b, double t,
                 std::span<float> out) {
  GAN_ASSERT(a.size() == b.size() && a.size() == out.size());
  double from = 1 - t, to = t;
  if (kind == Interpolation::kSpherical) {
    double aa = 0, bb = 0, ab = 0;
    for (size_t i = 0; i < a.size(); ++i) {
      aa += double{a[i]} * a[i], bb += double{b[i]} * b[i], ab += double{a[i]} * b[i];
    }
    const double cosine = aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 1;
    const double angle = std::acos(std::clamp(cosine, -1.0, 1.0));
    // Parallel, either way: there is no one arc, and the straight line is as good.
    if (std::sin(angle) > 1e-6) {
      from = std::sin((1 - t) * angle) / std::sin(angle);
      to = std::sin(t * angle) / std::sin(angle);
    }
  }
  for (size_t i = 0; i < a.size(); ++i) {
    out[i] = static_cast<float>(from * double{a[i]} + to * double{b[i]});
  }
}

}  // namespace gan::core
