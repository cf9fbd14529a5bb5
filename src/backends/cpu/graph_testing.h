// Graphs with random weights, run on the CPU: what tests of this folder share.
#ifndef GAN_BACKENDS_CPU_GRAPH_TESTING_H_
#define GAN_BACKENDS_CPU_GRAPH_TESTING_H_

#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <string>

#include "backends/cpu/backend.h"
#include "base/random.h"
#include "kernels/target.h"
#include "runtime/backend.h"

namespace gan::core {

// Those called "...variance" are positive.
inline NamedTensors RandomParameters(const Graph& graph) {
  Random random(3);
  NamedTensors tensors;
  for (const Value& value : graph.values) {
    if (value.kind != ValueKind::kParameter) continue;
    Tensor tensor(DType::kF32, Evaluate(value.shape, {}));
    random.FillNormal(tensor.floats(), 0.1f);
    if (value.name.ends_with("variance")) random.FillUniform(tensor.floats(), 0.5f, 2);
    tensors.Add(value.name, tensor);
  }
  return tensors;
}

inline Tensor Picture(const Shape& shape) {
  Tensor x(DType::kF32, shape);
  Random(7).FillUniform(x.floats(), 0, 1);
  return x;
}

inline Tensor RunWith(const CpuPasses& passes, int threads, const Graph& graph,
                      const Tensor& input) {
  ThreadPool pool(threads);
  const auto executable = MakeCpuBackend(pool, passes)->Compile(graph, RandomParameters(graph));
  return RunOnce(*executable, {&input, 1})[0];
}

inline void OnEachTarget(const std::function<void()>& body) {
  for (const std::string& target : kernels::AvailableTargets()) {
    SCOPED_TRACE(target);
    kernels::SetTarget(target);
    body();
  }
  kernels::SetTarget("auto");
}

inline void ExpectSameBits(const Tensor& got, const Tensor& wanted) {
  ASSERT_EQ(got.shape(), wanted.shape());
  EXPECT_EQ(std::memcmp(got.raw().data(), wanted.raw().data(), got.bytes()), 0);
}

inline void ExpectClose(const Tensor& got, const Tensor& wanted, float tolerance) {
  ASSERT_EQ(got.shape(), wanted.shape());
  for (size_t i = 0; i < got.floats().size(); ++i) {
    ASSERT_NEAR(got.floats()[i], wanted.floats()[i], tolerance) << i;
  }
}

}  // namespace gan::core

#endif  // GAN_BACKENDS_CPU_GRAPH_TESTING_H_
