#include "bench/fma_peak.h"

#include <algorithm>
#include <vector>

namespace gan::core::bench {
namespace {

// Sums that depend on nothing but themselves: latency (4 or 5 cycles) times two units a cycle
// needs 10 of them, and registers hold 12 with room for the factors.
constexpr size_t kChains = 12;

typedef float Floats4 __attribute__((vector_size(16)));
typedef float Floats8 __attribute__((vector_size(32)));
typedef float Floats16 __attribute__((vector_size(64)));

// Both factors come from outside, so that the compiler cannot know them.
template <class Vector>
[[gnu::always_inline]] inline float Multiply(int64_t turns, float factor, float addend) {
  const Vector a = Vector{} + factor, b = Vector{} + addend;
  Vector sums[kChains];
  // Each begins elsewhere: chains that are alike would be computed once.
  for (size_t i = 0; i < kChains; ++i) sums[i] = b * static_cast<float>(i);
  for (int64_t i = 0; i < turns; ++i) {
    for (Vector& sum : sums) sum = sum * a + b;
  }
  Vector total{};
  for (const Vector& sum : sums) total += sum;
  return total[0];
}

#ifdef __x86_64__
[[gnu::target("avx512f")]] float MultiplyWith512(int64_t turns, float a, float b) {
  return Multiply<Floats16>(turns, a, b);
}
[[gnu::target("avx2,fma")]] float MultiplyWith256(int64_t turns, float a, float b) {
  return Multiply<Floats8>(turns, a, b);
}
#endif
float MultiplyWith128(int64_t turns, float a, float b) { return Multiply<Floats4>(turns, a, b); }

struct Widest {
  float (*multiply)(int64_t, float, float);
  size_t lanes;
};

Widest WidestHere() {
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx512f")) return {MultiplyWith512, 16};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return {MultiplyWith256, 8};
#endif
  return {MultiplyWith128, 4};
}

}  // namespace

double FmaPeak(ThreadPool& pool, Clock clock) {
  constexpr int64_t kTurns = 20'000'000;
  const Widest widest = WidestHere();
  const int threads = pool.threads();
  std::vector<float> results(static_cast<size_t>(threads));
  double best = 1e9;
  for (int i = 0; i < 5; ++i) {
    const double begin = SecondsOn(clock);
    pool.ParallelFor(threads, [&](int64_t index, int) {
      results[static_cast<size_t>(index)] = widest.multiply(kTurns, 0.5f, 0.25f);
    });
    best = std::min(best, SecondsOn(clock) - begin);
    // Sums stay below 1: a check, and a use of them.
    if (!std::ranges::all_of(results, [](float r) { return r > 0; })) return 0;
  }
  return 2e-9 * static_cast<double>(kTurns * threads) *
         static_cast<double>(widest.lanes * kChains) / best;
}

}  // namespace gan::core::bench
