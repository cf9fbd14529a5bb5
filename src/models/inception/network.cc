#include "models/inception/network.h"

#include <string>
#include <vector>

#include "base/error.h"

namespace gan::core {
namespace {

// Kernel and padding of one convolution. `wide` and `tall` are the two halves of a large square.
struct Window {
  Size2d kernel;
  Padding2d padding;
};
constexpr Window kPoint = {{1, 1}, {}};
constexpr Window kSquare = {{3, 3}, {1, 1, 1, 1}};
constexpr Window kBare = {{3, 3}, {}};  // without a border
constexpr Window kLarge = {{5, 5}, {2, 2, 2, 2}};
constexpr Window Wide(int64_t n) { return {{1, n}, {0, n / 2, 0, n / 2}}; }
constexpr Window Tall(int64_t n) { return {{n, 1}, {n / 2, 0, n / 2, 0}}; }

class Builder {
 public:
  explicit Builder(const InceptionSizes& sizes) : sizes_(sizes), graph_("inception") {}

  Graph Build() {
    ValueId x = graph_.Input("input", {Dim::Symbol("N"), 3, 299, 299});
    x = Conv("Conv2d_1a_3x3", x, 32, kBare, 2);
    x = Conv("Conv2d_2a_3x3", x, 32, kBare);
    x = MaxPool(Conv("Conv2d_2b_3x3", x, 64, kSquare));
    x = Conv("Conv2d_3b_1x1", x, 80, kPoint);
    x = MaxPool(Conv("Conv2d_4a_3x3", x, 192, kBare));
    x = BlockA("Mixed_5b.", x, 32);
    x = BlockA("Mixed_5c.", x, 64);
    x = BlockA("Mixed_5d.", x, 64);
    x = BlockB("Mixed_6a.", x);
    x = BlockC("Mixed_6b.", x, 128);
    x = BlockC("Mixed_6c.", x, 160);
    x = BlockC("Mixed_6d.", x, 160);
    x = BlockC("Mixed_6e.", x, 192);
    x = BlockD("Mixed_7a.", x);
    x = BlockE("Mixed_7b.", x, PoolKind::kAverage);
    x = BlockE("Mixed_7c.", x, sizes_.first_fid ? PoolKind::kMax : PoolKind::kAverage);
    const ValueId features = graph_.Add(GlobalPool{}, {x}, "features");
    // The last layer as a convolution of one pixel, so that nothing changes its rank.
    const ValueId weight = graph_.Parameter("fc.weight", {sizes_.classes, 2048, 1, 1});
    const ValueId bias = graph_.Parameter("fc.bias", {sizes_.classes});
    return graph_.Finish({features, graph_.Add(Conv2d{}, {features, weight, bias}, "logits")});
  }

 private:
  ValueId Conv(const std::string& name, ValueId x, int64_t outputs, const Window& window,
               int64_t stride = 1) {
    const int64_t inputs = graph_.ShapeOf(x)[1].constant();
    const ValueId weight =
        graph_.Parameter(name + ".weight", {outputs, inputs, window.kernel.h, window.kernel.w});
    const ValueId bias = graph_.Parameter(name + ".bias", {outputs});
    const Conv2d conv{
        .kernel = window.kernel, .stride = {stride, stride}, .padding = window.padding};
    return graph_.Add(Activation{ActivationKind::kRelu},
                      {graph_.Add(conv, {x, weight, bias}, name)});
  }

  ValueId MaxPool(ValueId x) { return graph_.Add(Pool2d{.kernel = {3, 3}, .stride = {2, 2}}, {x}); }

  // The same size, then a convolution: the branch that all blocks but the shrinking ones have.
  ValueId Pooled(const std::string& block, ValueId x, int64_t outputs,
                 PoolKind kind = PoolKind::kAverage) {
    const Pool2d pool{.kind = kind,
                      .kernel = {3, 3},
                      .padding = {1, 1, 1, 1},
                      .count_padding = !sizes_.first_fid};
    return Conv(block + "branch_pool", graph_.Add(pool, {x}), outputs, kPoint);
  }

  ValueId Join(std::vector<ValueId> branches) { return graph_.Add(Concat{}, std::move(branches)); }

  ValueId BlockA(const std::string& block, ValueId x, int64_t pooled) {
    const ValueId one = Conv(block + "branch1x1", x, 64, kPoint);
    ValueId five = Conv(block + "branch5x5_1", x, 48, kPoint);
    five = Conv(block + "branch5x5_2", five, 64, kLarge);
    ValueId twice = Conv(block + "branch3x3dbl_1", x, 64, kPoint);
    twice = Conv(block + "branch3x3dbl_2", twice, 96, kSquare);
    twice = Conv(block + "branch3x3dbl_3", twice, 96, kSquare);
    return Join({one, five, twice, Pooled(block, x, pooled)});
  }

  ValueId BlockB(const std::string& block, ValueId x) {
    const ValueId three = Conv(block + "branch3x3", x, 384, kBare, 2);
    ValueId twice = Conv(block + "branch3x3dbl_1", x, 64, kPoint);
    twice = Conv(block + "branch3x3dbl_2", twice, 96, kSquare);
    twice = Conv(block + "branch3x3dbl_3", twice, 96, kBare, 2);
    return Join({three, twice, MaxPool(x)});
  }

  ValueId BlockC(const std::string& block, ValueId x, int64_t inner) {
    const ValueId one = Conv(block + "branch1x1", x, 192, kPoint);
    ValueId seven = Conv(block + "branch7x7_1", x, inner, kPoint);
    seven = Conv(block + "branch7x7_2", seven, inner, Wide(7));
    seven = Conv(block + "branch7x7_3", seven, 192, Tall(7));
    ValueId twice = Conv(block + "branch7x7dbl_1", x, inner, kPoint);
    twice = Conv(block + "branch7x7dbl_2", twice, inner, Tall(7));
    twice = Conv(block + "branch7x7dbl_3", twice, inner, Wide(7));
    twice = Conv(block + "branch7x7dbl_4", twice, inner, Tall(7));
    twice = Conv(block + "branch7x7dbl_5", twice, 192, Wide(7));
    return Join({one, seven, twice, Pooled(block, x, 192)});
  }

  ValueId BlockD(const std::string& block, ValueId x) {
    ValueId three = Conv(block + "branch3x3_1", x, 192, kPoint);
    three = Conv(block + "branch3x3_2", three, 320, kBare, 2);
    ValueId seven = Conv(block + "branch7x7x3_1", x, 192, kPoint);
    seven = Conv(block + "branch7x7x3_2", seven, 192, Wide(7));
    seven = Conv(block + "branch7x7x3_3", seven, 192, Tall(7));
    seven = Conv(block + "branch7x7x3_4", seven, 192, kBare, 2);
    return Join({three, seven, MaxPool(x)});
  }

  ValueId BlockE(const std::string& block, ValueId x, PoolKind kind) {
    const ValueId one = Conv(block + "branch1x1", x, 320, kPoint);
    const ValueId three = Conv(block + "branch3x3_1", x, 384, kPoint);
    const ValueId three_wide = Conv(block + "branch3x3_2a", three, 384, Wide(3));
    const ValueId three_tall = Conv(block + "branch3x3_2b", three, 384, Tall(3));
    ValueId twice = Conv(block + "branch3x3dbl_1", x, 448, kPoint);
    twice = Conv(block + "branch3x3dbl_2", twice, 384, kSquare);
    const ValueId twice_wide = Conv(block + "branch3x3dbl_3a", twice, 384, Wide(3));
    const ValueId twice_tall = Conv(block + "branch3x3dbl_3b", twice, 384, Tall(3));
    return Join({one, three_wide, three_tall, twice_wide, twice_tall, Pooled(block, x, 192, kind)});
  }

  InceptionSizes sizes_;
  GraphBuilder graph_;
};

}  // namespace

Graph InceptionGraph(const InceptionSizes& sizes) { return Builder(sizes).Build(); }

}  // namespace gan::core
