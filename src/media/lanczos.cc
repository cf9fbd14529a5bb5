#include "media/lanczos.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <utility>
#include <vector>

#include "base/error.h"

namespace gan::core {
namespace {

constexpr double kLobes = 3;

double Lanczos(double x) {
  if (std::fabs(x) >= kLobes) return 0;
  if (x == 0) return 1;
  const double angle = std::numbers::pi * x;
  return kLobes * std::sin(angle) * std::sin(angle / kLobes) / (angle * angle);
}

// The inputs of one output sample: weights of [first, first + count).
struct Taps {
  int64_t first = 0;
  int64_t count = 0;
  size_t weights = 0;  // index of the first one
};

// What makes every sample of an axis of `to` samples out of `from` samples.
struct Filter {
  std::vector<Taps> taps;
  std::vector<float> weights;
  int64_t longest = 0;

  Filter(int64_t from, int64_t to) {
    taps.reserve(static_cast<size_t>(to));
    const double scale = static_cast<double>(from) / static_cast<double>(to);
    const double stretch = std::max(scale, 1.0);
    for (int64_t i = 0; i < to; ++i) Append(from, (static_cast<double>(i) + 0.5) * scale, stretch);
  }

 private:
  void Append(int64_t from, double centre, double stretch) {
    const double reach = kLobes * stretch;
    const auto begin = std::max<int64_t>(0, static_cast<int64_t>(std::floor(centre - reach)));
    const auto end = std::min(from, static_cast<int64_t>(std::ceil(centre + reach)) + 1);
    std::vector<double> values;
    double sum = 0;
    int64_t first = end;
    for (int64_t j = begin; j < end; ++j) {
      const double weight = Lanczos((static_cast<double>(j) + 0.5 - centre) / stretch);
      // Zeros at the ends go; an axis whose size stays has a single tap of 1 then.
      if (values.empty() && std::fabs(weight) < 1e-9) continue;
      if (values.empty()) first = j;
      values.push_back(weight);
      sum += weight;
    }
    while (std::fabs(values.back()) < 1e-9) {
      sum -= values.back();
      values.pop_back();
    }
    taps.push_back({first, static_cast<int64_t>(values.size()), weights.size()});
    longest = std::max(longest, taps.back().count);
    for (const double value : values) weights.push_back(static_cast<float>(value / sum));
  }
};

void Premultiply(const TensorView& row, int64_t colours) {
  const int64_t width = row.shape[2];
  float* samples = Floats(row);
  const float* alpha = samples + colours * width;
  for (int64_t c = 0; c < colours; ++c) {
    for (int64_t x = 0; x < width; ++x) samples[c * width + x] *= alpha[x];
  }
}

class Resampler {
 public:
  Resampler(const PictureInfo& from, RowProducer rows, int64_t width, int64_t height)
      : from_(from),
        rows_(std::move(rows)),
        width_(width),
        across_(from.width, width),
        down_(from.height, height),
        input_(DType::kF32, {from.channels(), 1, from.width}),
        window_(DType::kF32, {from.channels(), down_.longest, width}) {}

  void Produce(int64_t first_row, int64_t count, const TensorView& out) {
    for (int64_t i = 0; i < count; ++i) {
      const Taps& taps = down_.taps[static_cast<size_t>(first_row + i)];
      while (next_input_ < taps.first + taps.count) ReadRow();
      for (int64_t c = 0; c < from_.channels(); ++c) {
        Combine(taps, c, Floats(out) + c * out.strides[0] + i * out.strides[1]);
      }
      if (from_.has_alpha) Unpremultiply(out, i);
    }
  }

 private:
  // Row `row` of the input, resampled across, while the window holds it.
  float* WindowRow(int64_t channel, int64_t row) {
    return Floats(window_.view()) + (channel * down_.longest + row % down_.longest) * width_;
  }

  void ReadRow() {
    rows_(next_input_, 1, input_.view());
    if (from_.has_alpha) Premultiply(input_.view(), from_.colours);
    for (int64_t c = 0; c < from_.channels(); ++c) {
      const float* in = input_.floats().data() + c * from_.width;
      float* out = WindowRow(c, next_input_);
      for (int64_t x = 0; x < width_; ++x) {
        const Taps& taps = across_.taps[static_cast<size_t>(x)];
        const float* weights = across_.weights.data() + taps.weights;
        float sum = 0;
        for (int64_t k = 0; k < taps.count; ++k) sum += weights[k] * in[taps.first + k];
        out[x] = sum;
      }
    }
    ++next_input_;
  }

  void Combine(const Taps& taps, int64_t channel, float* out) {
    std::fill_n(out, width_, 0.0f);
    for (int64_t k = 0; k < taps.count; ++k) {
      const float weight = down_.weights[taps.weights + static_cast<size_t>(k)];
      const float* row = WindowRow(channel, taps.first + k);
      for (int64_t x = 0; x < width_; ++x) out[x] += weight * row[x];
    }
  }

  void Unpremultiply(const TensorView& out, int64_t row) const {
    const float* alpha = Floats(out) + from_.colours * out.strides[0] + row * out.strides[1];
    for (int64_t c = 0; c < from_.colours; ++c) {
      float* plane = Floats(out) + c * out.strides[0] + row * out.strides[1];
      for (int64_t x = 0; x < width_; ++x) plane[x] = alpha[x] > 0 ? plane[x] / alpha[x] : 0;
    }
  }

  PictureInfo from_;
  RowProducer rows_;
  int64_t width_;
  Filter across_;
  Filter down_;
  Tensor input_;   // [channels, 1, from width]
  Tensor window_;  // [channels, longest, width], a ring of rows
  int64_t next_input_ = 0;
};

}  // namespace

RowProducer ResampledRows(const PictureInfo& from, RowProducer rows, int64_t width,
                          int64_t height) {
  GAN_ASSERT(width >= 1 && height >= 1 && from.width <= width * kMaxReduction &&
             from.height <= height * kMaxReduction);
  auto resampler = std::make_shared<Resampler>(from, std::move(rows), width, height);
  return [resampler](int64_t first_row, int64_t count, const TensorView& out) {
    resampler->Produce(first_row, count, out);
  };
}

}  // namespace gan::core
