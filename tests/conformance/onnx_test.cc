// Every op and every family of models as ONNX and back: the graph that is read gives the numbers of
// the one that was written.
#include "formats/onnx.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "base/error.h"
#include "formats/onnx_writer.h"
#include "tests/conformance/case.h"
#include "tests/conformance/family_case.h"
#include "tests/conformance/oracle.h"

namespace gan::core::conformance {
namespace {

OnnxNetwork ThereAndBack(const Graph& graph, const NamedTensors& parameters) {
  const OnnxLayout layout = LayOutOnnx("test", graph, parameters);
  std::string bytes = layout.head;
  for (const OnnxLayout::Part& tensor : layout.tensors) {
    bytes += tensor.head;
    bytes.append(reinterpret_cast<const char*>(tensor.data.raw().data()), tensor.data.bytes());
  }
  EXPECT_EQ(bytes.size(), layout.bytes());
  return ReadOnnx(MemorySource("test", std::as_bytes(std::span(bytes))), "");
}

// The reader leaves sizes open and wants multiples at which the result's size is exact, so that
// some inputs of the cases are none for the graph that it reads.
bool Fits(const Graph& graph, const std::vector<Tensor>& inputs) {
  std::vector<Shape> shapes;
  for (const Tensor& input : inputs) shapes.push_back(input.shape());
  try {
    BindInputs(graph, shapes);
  } catch (const Error&) {
    return false;
  }
  return true;
}

class OpOnnx : public testing::TestWithParam<OpCases> {};

TEST_P(OpOnnx, ComesBack) {
  ThreadPool pool(2);
  Random random(21);
  size_t compared = 0;
  for (const Case& c : GetParam().cases) {
    const Problem problem = MakeProblem(c, random);
    OnnxNetwork read;
    try {
      read = ThereAndBack(problem.graph, problem.parameters);
    } catch (const Error& error) {
      ADD_FAILURE() << error.what() << "\n" << ToString(problem.graph);
      break;
    }
    if (!Fits(read.graph, problem.inputs)) continue;
    ++compared;
    const auto run = [&](const Graph& graph, const NamedTensors& parameters) {
      return RunOnCpu("auto", pool, graph, parameters, problem.inputs)[0];
    };
    const Tensor wanted = run(problem.graph, problem.parameters);
    EXPECT_EQ(Difference(run(read.graph, read.parameters), wanted, 1e-5f, RangeOf(wanted)), "")
        << ToString(problem.graph) << ToString(read.graph);
    if (HasFailure()) break;
  }
  EXPECT_GT(compared, GetParam().cases.size() / 4);
}

std::string NameOfCases(const testing::TestParamInfo<OpCases>& info) {
  return std::string(info.param.op);
}
INSTANTIATE_TEST_SUITE_P(Ops, OpOnnx, testing::ValuesIn(AllCases()), NameOfCases);

class FamilyOnnx : public testing::TestWithParam<FamilyCase> {};

TEST_P(FamilyOnnx, ComesBack) {
  const Model model = BuildRandom(GetParam().family, GetParam().sizes, 11);
  const OnnxNetwork read = ThereAndBack(model.graph, model.parameters);
  ThreadPool pool(2);
  Random random(12);
  for (const Shape& shape : GetParam().pictures) {
    const std::vector<Tensor> in = InputsOf(model, shape, random);
    const Tensor wanted = RunOnCpu("auto", pool, model.graph, model.parameters, in)[0];
    const Tensor got = RunOnCpu("auto", pool, read.graph, read.parameters, in)[0];
    EXPECT_EQ(Difference(got, wanted, 1e-5f, RangeOf(wanted)), "")
        << model.description << " " << shape.ToString();
  }
}

std::string NameOfFamily(const testing::TestParamInfo<FamilyCase>& info) {
  return NameOf(info.param, info.index);
}
INSTANTIATE_TEST_SUITE_P(Families, FamilyOnnx, testing::ValuesIn(FamilyCases()), NameOfFamily);

}  // namespace
}  // namespace gan::core::conformance
