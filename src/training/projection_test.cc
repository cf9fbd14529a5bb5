#include "training/projection.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "backends/torch/run_graph.h"
#include "base/error.h"
#include "base/random.h"
#include "base/thread_pool.h"
#include "models/model.h"
#include "models/styles.h"

namespace gan::core {
namespace {

Tensor Drawn(const Shape& shape, uint64_t seed, float deviation = 1) {
  Tensor out(DType::kF32, shape);
  Random(seed).FillNormal(out.floats(), deviation);
  return out;
}

// The picture of one latent, and the problem of finding it again.
class ProjectionTest : public testing::Test {
 protected:
  Tensor PictureOf(const Graph& graph, const Tensor& latent, std::vector<float> label = {}) {
    const at::NoGradGuard no_gradients;
    const auto as_torch = [](const std::vector<float>& values, std::vector<int64_t> sizes) {
      return at::tensor(values).reshape(sizes);
    };
    const SymbolicShape& in = graph.value(graph.inputs[0]).shape;
    std::vector<int64_t> sizes{1, latent.shape().elements()};
    if (in.size() == 4) sizes.insert(sizes.end(), {1, 1});
    std::vector<at::Tensor> inputs{
        as_torch({latent.floats().begin(), latent.floats().end()}, sizes)};
    if (!label.empty()) inputs.push_back(as_torch(label, {1, static_cast<int64_t>(label.size())}));
    const at::Tensor made =
        torch_backend::RunGraph(
            graph, torch_backend::ParametersOf(graph, model_.parameters, at::kCPU), inputs)[0]
            .contiguous();
    return Tensor::FromFloats({made.size(1), made.size(2), made.size(3)},
                              {made.data_ptr<float>(), static_cast<size_t>(made.numel())});
  }

  ProjectedLatent Project() { return ProjectOntoLatents(problem_, settings_); }

  Model model_;
  ProjectionProblem problem_;
  ProjectionSettings settings_{.steps = 200, .tries = 2};
};

TEST_F(ProjectionTest, FindsThePictureOfRandomNumbersAgain) {
  model_ = BuildRandom("dcgan", {{"size", 16}, {"latent", 4}, {"width", 4}, {"norm", 0}}, 2);
  problem_.graph = &model_.graph;
  problem_.parameters = &model_.parameters;
  problem_.target = PictureOf(model_.graph, Drawn({1, 4}, 5));
  problem_.candidates = Drawn({32, 4}, 6);
  const ProjectedLatent found = Project();
  EXPECT_GT(found.start_error, 1e-4);
  EXPECT_LT(found.error, found.start_error / 50) << found.start_error;
  EXPECT_EQ(found.latent.shape(), (Shape{1, 4}));
  EXPECT_EQ(found.label, -1);
  // The error is that of the latent given.
  const Tensor again = PictureOf(model_.graph, found.latent);
  double sum = 0;
  for (size_t i = 0; i < again.floats().size(); ++i) {
    const double difference = double{again.floats()[i]} - problem_.target.floats()[i];
    sum += difference * difference;
  }
  EXPECT_NEAR(sum / static_cast<double>(again.floats().size()), found.error,
              1e-3 * found.start_error);
  EXPECT_TRUE(std::ranges::equal(Project().latent.floats(), found.latent.floats()))
      << "the same again";
}

TEST_F(ProjectionTest, FindsTheClassToo) {
  model_ = BuildRandom("dcgan",
                       {{"size", 16}, {"latent", 3}, {"width", 4}, {"classes", 3}, {"norm", 0}}, 2);
  problem_.graph = &model_.graph;
  problem_.parameters = &model_.parameters;
  problem_.classes = 3;
  problem_.target = PictureOf(model_.graph, Drawn({1, 3}, 5), {0, 0, 1});
  problem_.candidates = Drawn({48, 3}, 6);
  for (int64_t i = 0; i < 48; ++i) problem_.labels.push_back(i % 3);
  settings_.tries = 6;
  const ProjectedLatent found = Project();
  EXPECT_LT(found.error, found.start_error / 20);
  EXPECT_EQ(found.label, 2);
}

TEST_F(ProjectionTest, FindsStylesAgain) {
  model_ = BuildRandom("stylegan2",
                       {{"size", 8}, {"style", 4}, {"mapping", 1}, {"base", 64}, {"widest", 8}}, 3);
  const StyleSpace& space = model_.style->space;
  const Tensor w = Drawn({1, 4}, 7);
  problem_.graph = &space.synthesis;
  problem_.parameters = &model_.parameters;
  problem_.target = PictureOf(space.synthesis, StyleRows(space, w, "test"));
  problem_.candidates = Drawn({16, 4}, 8);
  problem_.repeats = space.layers;
  const ProjectedLatent one = Project();
  EXPECT_EQ(one.latent.shape(), (Shape{1, 4}));
  EXPECT_LT(one.error, one.start_error / 50) << one.start_error;
  problem_.candidates = StyleRows(space, problem_.candidates, "test");
  problem_.repeats = 1;
  const ProjectedLatent each = Project();
  EXPECT_EQ(each.latent.shape(), (Shape{1, 16}));
  EXPECT_LT(each.error, each.start_error / 50) << each.start_error;
}

TEST_F(ProjectionTest, SaysWhatIsWrongAndStops) {
  model_ = BuildRandom("dcgan", {{"size", 16}, {"latent", 4}, {"width", 2}}, 2);
  problem_.graph = &model_.graph;
  problem_.parameters = &model_.parameters;
  problem_.candidates = Drawn({2, 4}, 6);
  problem_.target = Tensor::Zeros(DType::kF32, {3, 16, 15});
  EXPECT_THROW(Project(), Error);
  problem_.target = Tensor::Zeros(DType::kF32, {3, 16, 16});
  settings_.steps = 0;
  EXPECT_THROW(Project(), Error);
  settings_.steps = 5;
  double last = 0;
  ProjectOntoLatents(problem_, settings_, [&](double done) {
    EXPECT_GE(done, last);
    last = done;
  });
  EXPECT_NEAR(last, 1, 1e-9);
  CancelFlag cancel;
  cancel.Cancel();
  EXPECT_THROW(ProjectOntoLatents(problem_, settings_, {}, &cancel), Error);
}

}  // namespace
}  // namespace gan::core
