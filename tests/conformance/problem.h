// A case made into a graph with numbers; shared with the benchmarks.
#ifndef GAN_TESTS_CONFORMANCE_PROBLEM_H_
#define GAN_TESTS_CONFORMANCE_PROBLEM_H_

#include <string>
#include <vector>

#include "base/random.h"
#include "graph/graph.h"
#include "tensor/named_tensors.h"

namespace gan::core::conformance {

// One node by itself. Its inputs and parameters are normally distributed random numbers.
struct Case {
  Op op;
  std::vector<Shape> inputs;      // given at each run
  std::vector<Shape> parameters;  // weights, standing behind the inputs
  float tolerance = 1e-5f;        // largest difference, relative to the larger of 1 and the result
  float spread = 1;               // standard deviation of the inputs
  bool positive = false;          // parameters well above 0, as variances are
};

// Something to run.
struct Problem {
  Graph graph;
  NamedTensors parameters;
  std::vector<Tensor> inputs;
};
// Filters are scaled so that results have about the size of the inputs.
Problem MakeProblem(const Case& c, Random& random);

// The first place where |got - wanted| > tolerance * max(scale, |wanted|), in words; "" for none.
// NaN agrees with nothing.
std::string Difference(const Tensor& got, const Tensor& wanted, float tolerance, float scale = 1);

}  // namespace gan::core::conformance

#endif  // GAN_TESTS_CONFORMANCE_PROBLEM_H_
