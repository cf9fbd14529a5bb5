#include "runtime/dropout_masks.h"

#include <gtest/gtest.h>

#include <vector>

namespace gan::core {
namespace {

// Keeps what it was given: the masks, and where the network was.
class Recorder : public Executable {
 public:
  explicit Recorder(const Graph& graph) : graph_(graph) {}
  const Graph& graph() const override { return graph_; }
  MemoryUse Memory(const Bindings&) const override { return {.activations = 1000}; }
  void Run(std::span<const ConstTensorView> inputs, std::span<const TensorView>) override {
    masks.clear();
    for (size_t i = 1; i < inputs.size(); ++i) {
      masks.emplace_back(DType::kF32, inputs[i].shape);
      CopyElements(inputs[i], masks.back().view());
    }
  }
  std::vector<Tensor> masks;

 private:
  Graph graph_;
};

class RecordingBackend : public Backend {
 public:
  std::string name() const override { return "recorder"; }
  std::string target() const override { return ""; }
  std::unique_ptr<Executable> Compile(const Graph& graph, NamedTensors) override {
    auto made = std::make_unique<Recorder>(graph);
    recorder = made.get();
    return made;
  }
  Recorder* recorder = nullptr;
};

// Dropout at the picture's size, at half of it, and of whole channels.
Graph ThreeDropouts() {
  GraphBuilder b("drops");
  const ValueId image =
      b.Input("image", {Dim::Symbol("N"), 4, Dim::Symbol("H", 2), Dim::Symbol("W", 2)});
  ValueId x = b.Add(Dropout{.probability = 0.25f}, {image});
  x = b.Add(Pool2d{.kind = PoolKind::kAverage, .kernel = {2, 2}, .stride = {2, 2}}, {x});
  x = b.Add(Dropout{.probability = 0.5f}, {x});
  return b.Finish({b.Add(Dropout{.probability = 0.5f, .channels = true}, {x})});
}

class DropoutMasks : public testing::Test {
 protected:
  std::vector<Tensor> Masks(uint64_t seed, int64_t n, int64_t h, int64_t w, int64_t y = 0,
                            int64_t x = 0) {
    const auto network = CompileWithDropout(backend_, graph_, {}, seed);
    network->PlaceAt(y, x);
    const Tensor image = Tensor::Zeros(DType::kF32, {n, 4, h, w});
    RunOnce(*network, std::span(&image, 1));
    return backend_.recorder->masks;
  }

  Graph graph_ = ThreeDropouts();
  RecordingBackend backend_;
};

double ShareOfZeros(const Tensor& mask) {
  double zeros = 0;
  for (const float x : mask.floats()) zeros += x == 0;
  return zeros / static_cast<double>(mask.floats().size());
}

TEST_F(DropoutMasks, LeaveOutTheShareAndKeepTheMean) {
  const std::vector<Tensor> masks = Masks(3, 2, 64, 64);
  ASSERT_EQ(masks.size(), 3u);
  EXPECT_EQ(masks[0].shape(), (Shape{2, 4, 64, 64}));
  EXPECT_EQ(masks[1].shape(), (Shape{2, 4, 32, 32}));
  EXPECT_NEAR(ShareOfZeros(masks[0]), 0.25, 0.01);
  EXPECT_NEAR(ShareOfZeros(masks[1]), 0.5, 0.02);
  for (const float x : masks[0].floats()) EXPECT_TRUE(x == 0 || x == 1 / 0.75f);
  // Whole channels are of one value.
  for (size_t i = 0; i < masks[2].floats().size(); ++i) {
    EXPECT_EQ(masks[2].floats()[i], masks[2].floats()[i / 1024 * 1024]);
  }
}

// The documented function, once by hand.
TEST_F(DropoutMasks, AreWhatIsDocumented) {
  const auto mix = [](uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
  };
  const uint64_t g = 0x9e3779b97f4a7c15;
  const std::vector<Tensor> masks = Masks(7, 1, 8, 8);
  // Of the second dropout: channel 2, row 3, column 1.
  const uint64_t number = mix(mix(mix(mix(mix(7 + g * 2) + g) + g * 3) + g * 4) + g * 2);
  EXPECT_EQ(masks[1].floats()[(2 * 4 + 3) * 4 + 1], (number >> 40) < (1 << 23) ? 0.0f : 2.0f);
}

TEST_F(DropoutMasks, FollowTheSeedAndThePlaceAlone) {
  const std::vector<Tensor> whole = Masks(3, 1, 16, 24);
  const std::vector<Tensor> again = Masks(3, 1, 16, 24), other = Masks(4, 1, 16, 24);
  const std::vector<Tensor> tile = Masks(3, 1, 8, 10, 6, 12);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_TRUE(std::ranges::equal(whole[i].floats(), again[i].floats()));
    EXPECT_FALSE(std::ranges::equal(whole[i].floats(), other[i].floats()));
    const int64_t step = i == 0 ? 1 : 2;
    for (int64_t c = 0; c < 4; ++c) {
      for (int64_t y = 0; y < 8 / step; ++y) {
        for (int64_t x = 0; x < 10 / step; ++x) {
          const int64_t row = c * 16 / step + y + 6 / step;
          EXPECT_EQ(tile[i].floats()[static_cast<size_t>((c * 8 / step + y) * 10 / step + x)],
                    whole[i].floats()[static_cast<size_t>(row * 24 / step + x + 12 / step)]);
        }
      }
    }
  }
  EXPECT_FALSE(std::ranges::equal(whole[0].floats().first(24), whole[0].floats().subspan(24, 24)));
}

// A second run at another place or size is not given the masks of the first.
TEST_F(DropoutMasks, AreMadeAnewWhereTheyChange) {
  const auto network = CompileWithDropout(backend_, graph_, {}, 3);
  const auto run = [&](int64_t side, int64_t y) {
    network->PlaceAt(y, 0);
    const Tensor image = Tensor::Zeros(DType::kF32, {1, 4, side, side});
    RunOnce(*network, std::span(&image, 1));
    const std::span<const float> mask = backend_.recorder->masks[0].floats();
    return std::vector<float>(mask.begin(), mask.end());
  };
  const std::vector<float> first = run(8, 0);
  EXPECT_NE(run(8, 2), first);
  EXPECT_EQ(run(8, 0), first);
  EXPECT_EQ(run(4, 0).size(), 64u);
}

TEST_F(DropoutMasks, AreCountedAsMemoryAndHideFromTheGraph) {
  const auto network = CompileWithDropout(backend_, graph_, {}, 3);
  EXPECT_EQ(network->graph().inputs.size(), 1u);
  EXPECT_EQ(network->Memory({{"N", 1}, {"H", 8}, {"W", 8}}).activations,
            1000u + (256 + 64 + 64) * 4);
  EXPECT_EQ(backend_.recorder->graph().inputs.size(), 4u);
  EXPECT_FALSE(HasDropout(backend_.recorder->graph()));
  EXPECT_TRUE(HasDropout(graph_));
}

}  // namespace
}  // namespace gan::core
