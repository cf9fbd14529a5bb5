#include "metrics/inception_score.h"

#include <cmath>
#include <vector>

#include "base/error.h"
#include "metrics/feature_matrix.h"

namespace gan::core {
namespace {

double ScoreOf(const Tensor& probabilities, int64_t begin, int64_t end) {
  std::vector<double> mean(static_cast<size_t>(probabilities.shape()[1]), 0.0);
  const auto count = static_cast<double>(end - begin);
  for (int64_t row = begin; row < end; ++row) {
    const std::span<const float> p = RowOf(probabilities, row);
    for (size_t c = 0; c < p.size(); ++c) mean[c] += p[c] / count;
  }
  double divergence = 0;
  for (int64_t row = begin; row < end; ++row) {
    const std::span<const float> p = RowOf(probabilities, row);
    for (size_t c = 0; c < p.size(); ++c) {
      if (p[c] > 0) divergence += p[c] * (std::log(static_cast<double>(p[c])) - std::log(mean[c]));
    }
  }
  return std::exp(divergence / count);
}

}  // namespace

InceptionScore InceptionScoreOf(const Tensor& probabilities, int64_t splits) {
  GAN_ASSERT(splits >= 1);
  CheckFeatures("is", probabilities, splits);
  const int64_t n = probabilities.shape()[0];
  for (int64_t row = 0; row < n; ++row) {
    double sum = 0;
    bool good = true;
    for (const float p : RowOf(probabilities, row)) sum += p, good = good && p >= 0;
    if (good && std::abs(sum - 1) < 1e-3) continue;
    Fail(ErrorCode::kBadData, "is", "wants probabilities that sum to 1, got {} for picture {}", sum,
         row);
  }
  std::vector<double> scores;
  InceptionScore result;
  for (int64_t i = 0; i < splits; ++i) {
    scores.push_back(ScoreOf(probabilities, n * i / splits, n * (i + 1) / splits));
    result.value += scores.back() / static_cast<double>(splits);
  }
  double squares = 0;
  for (const double score : scores) squares += (score - result.value) * (score - result.value);
  result.spread = std::sqrt(squares / static_cast<double>(splits));
  return result;
}

}  // namespace gan::core
