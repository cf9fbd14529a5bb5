// The layouts in which people save DCGANs: random tensors under their names, written as PyTorch
// writes them, found, run, and compared with plain sums done here; and once more through ONNX.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "formats/checkpoint.h"
#include "formats/onnx.h"
#include "formats/onnx_writer.h"
#include "formats/testing/torch_writer.h"
#include "models/model.h"
#include "tests/conformance/family_case.h"
#include "tests/conformance/oracle.h"

namespace gan::core::conformance {
namespace {

// One picture, [C, S, S].
struct Volume {
  int64_t channels = 0, side = 0;
  std::vector<double> values;

  double& At(int64_t c, int64_t y, int64_t x) {
    return values[static_cast<size_t>((c * side + y) * side + x)];
  }
  double Or0(int64_t c, int64_t y, int64_t x) {
    return y < 0 || x < 0 || y >= side || x >= side ? 0 : At(c, y, x);
  }
};

Volume Empty(int64_t channels, int64_t side) {
  return {channels, side, std::vector<double>(static_cast<size_t>(channels * side * side))};
}

// Random tensors by their names, and the layers that they are, computed slowly.
class Net {
 public:
  explicit Net(uint64_t seed) : random_(seed) {}

  NamedTensors tensors;

  Net& Add(const std::string& name, const Shape& shape, float around = 0) {
    Tensor tensor(DType::kF32, shape);
    random_.FillNormal(tensor.floats(), around == 0 ? 0.4f : 0.1f);
    for (float& x : tensor.floats()) x = around == 0 ? x : std::abs(x) + around;
    tensors.Add(name, tensor);
    return *this;
  }
  Net& AddNorm(const std::string& name, int64_t channels) {
    Add(name + ".weight", {channels}, 1).Add(name + ".bias", {channels});
    Add(name + ".running_mean", {channels}).Add(name + ".running_var", {channels}, 1);
    tensors.Add(name + ".num_batches_tracked", Tensor::Zeros(DType::kI64, {}));
    return *this;
  }

  double Of(const std::string& name, int64_t i) const {
    return tensors.At(name).floats()[static_cast<size_t>(i)];
  }
  double Bias(const std::string& module, int64_t channel) const {
    return tensors.Find(module + ".bias") == nullptr ? 0 : Of(module + ".bias", channel);
  }

  Volume Transposed(const std::string& name, Volume x, int64_t stride, int64_t padding,
                    int64_t extra = 0) const {
    const Shape& w = tensors.At(name + ".weight").shape();
    const int64_t k = w[2];
    Volume out = Empty(w[1], (x.side - 1) * stride - 2 * padding + k + extra);
    for (int64_t o = 0; o < w[1]; ++o) {
      for (int64_t y = 0; y < out.side; ++y) {
        for (int64_t z = 0; z < out.side; ++z) {
          double sum = Bias(name, o);
          for (int64_t i = 0; i < w[0] * k * k; ++i) {
            const int64_t c = i / (k * k), up = y + padding - i / k % k, left = z + padding - i % k;
            if (up % stride != 0 || left % stride != 0) continue;
            sum += x.Or0(c, up / stride, left / stride) *
                   Of(name + ".weight", ((c * w[1] + o) * k + i / k % k) * k + i % k);
          }
          out.At(o, y, z) = sum;
        }
      }
    }
    return out;
  }

  Volume Plain(const std::string& name, Volume x) const {
    const Shape& w = tensors.At(name + ".weight").shape();
    const int64_t k = w[2];
    Volume out = Empty(w[0], x.side);
    for (int64_t o = 0; o < w[0]; ++o) {
      for (int64_t i = 0; i < x.side * x.side; ++i) {
        double sum = Bias(name, o);
        for (int64_t t = 0; t < w[1] * k * k; ++t) {
          sum += x.Or0(t / (k * k), i / x.side + t / k % k - k / 2, i % x.side + t % k - k / 2) *
                 Of(name + ".weight", o * w[1] * k * k + t);
        }
        out.At(o, i / x.side, i % x.side) = sum;
      }
    }
    return out;
  }

  Volume Norm(const std::string& name, Volume x, double epsilon = 1e-5) const {
    for (int64_t i = 0; i < static_cast<int64_t>(x.values.size()); ++i) {
      // A norm of a row has one number for each element.
      const bool row = tensors.At(name + ".weight").shape()[0] != x.channels;
      const int64_t c = row ? i : i / (x.side * x.side);
      double& value = x.values[static_cast<size_t>(i)];
      value = (value - Of(name + ".running_mean", c)) /
                  std::sqrt(Of(name + ".running_var", c) + epsilon) * Of(name + ".weight", c) +
              Of(name + ".bias", c);
    }
    return x;
  }

  Volume Linear(const std::string& name, const Volume& x, int64_t channels, int64_t side) const {
    Volume out = Empty(channels, side);
    for (size_t o = 0; o < out.values.size(); ++o) {
      out.values[o] = Bias(name, static_cast<int64_t>(o));
      for (size_t i = 0; i < x.values.size(); ++i) {
        out.values[o] +=
            x.values[i] * Of(name + ".weight", static_cast<int64_t>(o * x.values.size() + i));
      }
    }
    return out;
  }

  // The vector of a class, as PyTorch's Embedding keeps it.
  Volume Embedded(const std::string& name, int64_t label) const {
    Volume out = Empty(tensors.At(name + ".weight").shape()[1], 1);
    for (int64_t i = 0; i < out.channels; ++i) {
      out.At(i, 0, 0) = Of(name + ".weight", label * out.channels + i);
    }
    return out;
  }

 private:
  Random random_;
};

Volume Each(Volume x, const std::function<double(double)>& of) {
  for (double& value : x.values) value = of(value);
  return x;
}
Volume Relu(Volume x, double slope = 0) {
  return Each(std::move(x), [=](double v) { return v > 0 ? v : slope * v; });
}
Volume Tanh(Volume x) {
  return Each(std::move(x), [](double v) { return std::tanh(v); });
}
Volume Joined(Volume a, const Volume& b) {
  a.channels += b.channels;
  a.values.insert(a.values.end(), b.values.begin(), b.values.end());
  return a;
}
Volume Doubled(Volume x) {
  Volume out = Empty(x.channels, 2 * x.side);
  for (int64_t i = 0; i < static_cast<int64_t>(out.values.size()); ++i) {
    const int64_t c = i / (out.side * out.side);
    out.values[static_cast<size_t>(i)] = x.At(c, i / out.side % out.side / 2, i % out.side / 2);
  }
  return out;
}

using Forward = std::function<Volume(const Net& net, const Volume& z, int64_t label)>;

std::vector<double> Run(const Graph& graph, const NamedTensors& parameters, const Volume& z,
                        int64_t classes, int64_t label) {
  std::vector<float> numbers(z.values.begin(), z.values.end());
  const Shape shape = Evaluate(graph.value(graph.inputs[0]).shape, {{"N", 1}});
  std::vector<Tensor> inputs = {Tensor::FromFloats(shape, numbers)};
  if (classes > 0) {
    inputs.push_back(Tensor::Zeros(DType::kF32, {1, classes}));
    inputs[1].floats()[static_cast<size_t>(label)] = 1;
  }
  ThreadPool pool(2);
  const Tensor out = RunOnCpu("auto", pool, graph, parameters, inputs)[0];
  return {out.floats().begin(), out.floats().end()};
}

void ExpectNear(const std::vector<double>& got, const std::vector<double>& wanted) {
  ASSERT_EQ(got.size(), wanted.size());
  for (size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got[i], wanted[i], 1e-5) << i;
}

void ExpectSame(const Net& net, const std::string& description, const Forward& forward) {
  const std::string file = core::testing::TorchBytes(net.tensors, {});
  const Checkpoint read = ReadCheckpoint(MemorySource("test", std::as_bytes(std::span(file))), {});
  const Model model = DetectModel(read.tensors, read.modules);
  EXPECT_EQ(model.family, "dcgan");
  EXPECT_EQ(model.description, description);

  const OnnxLayout layout = LayOutOnnx("test", model.graph, model.parameters);
  std::string onnx = layout.head;
  for (const OnnxLayout::Part& tensor : layout.tensors) {
    onnx += tensor.head;
    onnx.append(reinterpret_cast<const char*>(tensor.data.raw().data()), tensor.data.bytes());
  }
  const OnnxNetwork again = ReadOnnx(MemorySource("test", std::as_bytes(std::span(onnx))), "");

  Random random(5);
  for (const int64_t label : {0, 2}) {
    Tensor z(DType::kF32, {model.latent->size});
    random.FillNormal(z.floats());
    Volume in = Empty(model.latent->size, 1);
    in.values.assign(z.floats().begin(), z.floats().end());
    const Volume wanted = forward(net, in, label);
    ExpectNear(Run(model.graph, model.parameters, in, model.latent->classes, label), wanted.values);
    ExpectNear(Run(again.graph, again.parameters, in, model.latent->classes, label), wanted.values);
  }
}

TEST(DcganLayouts, TutorialWithEmbeddedClasses) {
  Net net(1);
  net.Add("embed.weight", {4, 6}).Add("gen.0.0.weight", {11, 8, 4, 4}).AddNorm("gen.0.1", 8);
  net.Add("gen.1.0.weight", {8, 6, 4, 4}).AddNorm("gen.1.1", 6);
  net.Add("gen.2.weight", {6, 3, 4, 4}).Add("gen.2.bias", {3});
  ExpectSame(net, "DCGAN 16 x 16, 3 channels: from 5 random numbers and 4 classes",
             [](const Net& n, const Volume& z, int64_t label) {
               Volume x = Joined(z, n.Embedded("embed", label));
               x = Relu(n.Norm("gen.0.1", n.Transposed("gen.0.0", x, 1, 0)));
               x = Relu(n.Norm("gen.1.1", n.Transposed("gen.1.0", x, 2, 1)));
               return Tanh(n.Transposed("gen.2", x, 2, 1));
             });
}

TEST(DcganLayouts, CollectionWithMultipliedClasses) {
  Net net(2);
  net.Add("label_emb.weight", {3, 7}).Add("l1.0.weight", {6 * 16, 7}).Add("l1.0.bias", {6 * 16});
  net.AddNorm("conv_blocks.0", 6).Add("conv_blocks.2.weight", {6, 6, 3, 3});
  net.Add("conv_blocks.2.bias", {6}).AddNorm("conv_blocks.3", 6);
  net.Add("conv_blocks.6.weight", {4, 6, 3, 3}).Add("conv_blocks.6.bias", {4});
  net.AddNorm("conv_blocks.7", 4).Add("conv_blocks.9.weight", {1, 4, 3, 3});
  net.Add("conv_blocks.9.bias", {1});
  ExpectSame(net, "DCGAN 16 x 16, 1 channel: from 7 random numbers and 3 classes",
             [](const Net& n, Volume z, int64_t label) {
               Volume e = n.Embedded("label_emb", label);
               for (size_t i = 0; i < z.values.size(); ++i) z.values[i] *= e.values[i];
               Volume x = n.Norm("conv_blocks.0", n.Linear("l1.0", z, 6, 4));
               x = n.Norm("conv_blocks.3", n.Plain("conv_blocks.2", Doubled(x)), 0.8);
               x = n.Plain("conv_blocks.6", Doubled(Relu(x, 0.2)));
               x = Relu(n.Norm("conv_blocks.7", x, 0.8), 0.2);
               return Tanh(n.Plain("conv_blocks.9", x));
             });
}

TEST(DcganLayouts, LinearStemAndOddKernels) {
  Net net(3);
  net.Add("main.0.weight", {5 * 49, 9}).AddNorm("main.1", 5 * 49);
  net.Add("main.4.weight", {5, 4, 5, 5}).AddNorm("main.5", 4);
  net.Add("main.7.weight", {4, 4, 5, 5}).AddNorm("main.8", 4).Add("main.10.weight", {4, 1, 5, 5});
  ExpectSame(net, "DCGAN 28 x 28, 1 channel: from 9 random numbers",
             [](const Net& n, const Volume& z, int64_t) {
               Volume x = Relu(n.Norm("main.1", n.Linear("main.0", z, 5, 7)));
               x = Relu(n.Norm("main.5", n.Transposed("main.4", x, 1, 2)));
               x = Relu(n.Norm("main.8", n.Transposed("main.7", x, 2, 2, 1)));
               return Tanh(n.Transposed("main.10", x, 2, 2, 1));
             });
}

TEST(DcganLayouts, StemBesideItsConvolutions) {
  Net net(4);
  net.Add("fc.weight", {4 * 16, 6 + 2}).Add("fc.bias", {4 * 16}).Add("emb.weight", {3, 2});
  net.AddNorm("block.0", 4).Add("block.2.weight", {4, 4, 3, 3}).AddNorm("block.3", 4);
  net.Add("block.5.weight", {4, 3, 3, 3}).Add("block.5.bias", {3});
  ExpectSame(net, "DCGAN 16 x 16, 3 channels: from 6 random numbers and 3 classes",
             [](const Net& n, const Volume& z, int64_t label) {
               Volume x = n.Linear("fc", Joined(z, n.Embedded("emb", label)), 4, 4);
               x = Relu(n.Norm("block.0", x));
               x = Relu(n.Norm("block.3", n.Transposed("block.2", x, 2, 1, 1)));
               return Tanh(n.Transposed("block.5", x, 2, 1, 1));
             });
}

TEST(DcganLayouts, BranchOfTheClass) {
  Net net(5);
  net.Add("deconv1_1.weight", {8, 4, 4, 4}).Add("deconv1_1.bias", {4}).AddNorm("deconv1_1_bn", 4);
  net.Add("deconv1_2.weight", {3, 2, 4, 4}).Add("deconv1_2.bias", {2}).AddNorm("deconv1_2_bn", 2);
  net.Add("deconv2.weight", {6, 4, 4, 4}).Add("deconv2.bias", {4}).AddNorm("deconv2_bn", 4);
  net.Add("deconv3.weight", {4, 1, 4, 4}).Add("deconv3.bias", {1});
  ExpectSame(net, "DCGAN 16 x 16, 1 channel: from 8 random numbers and 3 classes",
             [](const Net& n, const Volume& z, int64_t label) {
               Volume y = Empty(3, 1);
               y.At(label, 0, 0) = 1;
               Volume x = Joined(n.Norm("deconv1_1_bn", n.Transposed("deconv1_1", z, 1, 0)),
                                 n.Norm("deconv1_2_bn", n.Transposed("deconv1_2", y, 1, 0)));
               x = Relu(n.Norm("deconv2_bn", n.Transposed("deconv2", Relu(x), 2, 1)));
               return Tanh(n.Transposed("deconv3", x, 2, 1));
             });
}

TEST(DcganLayouts, FourSevenFourteenTwentyEight) {
  Net net(6);
  net.Add("net.0.weight", {6, 5, 4, 4}).AddNorm("net.1", 5).Add("net.3.weight", {5, 4, 3, 3});
  net.AddNorm("net.4", 4).Add("net.6.weight", {4, 3, 4, 4}).AddNorm("net.7", 3);
  net.Add("net.9.weight", {3, 1, 4, 4});
  ExpectSame(net, "DCGAN 28 x 28, 1 channel: from 6 random numbers",
             [](const Net& n, const Volume& z, int64_t) {
               Volume x = Relu(n.Norm("net.1", n.Transposed("net.0", z, 1, 0)));
               x = Relu(n.Norm("net.4", n.Transposed("net.3", x, 2, 1)));
               x = Relu(n.Norm("net.7", n.Transposed("net.6", x, 2, 1)));
               return Tanh(n.Transposed("net.9", x, 2, 1));
             });
}

}  // namespace
}  // namespace gan::core::conformance
