#include "backends/torch/backend.h"

#include <ATen/Parallel.h>
#include <torch/version.h>

#include <utility>

#include "backends/torch/run_graph.h"
#include "base/error.h"
#include "base/thread_pool.h"
#include "runtime/lifetimes.h"
#include "runtime/memory_plan.h"

namespace gan::core {
namespace {

using torch_backend::ParameterTensors;

// ATen's exceptions become ours: nothing above this layer knows LibTorch.
template <class Body>
auto Translated(Body&& body) {
  try {
    return body();
  } catch (const c10::Error& e) {
    Fail(ErrorCode::kInternal, "LibTorch", "{}", Printable(e.what_without_backtrace(), 400));
  }
}

uint64_t Bytes(const Shape& shape) {
  return static_cast<uint64_t>(shape.elements()) * sizeof(float);
}

class TorchExecutable : public Executable {
 public:
  TorchExecutable(const Graph& graph, const NamedTensors& parameters, at::Device device,
                  int threads)
      : runner_(graph),
        device_(device),
        threads_(threads),
        parameters_(torch_backend::ParametersOf(graph, parameters, device)) {}

  const Graph& graph() const override { return runner_.graph(); }

  // What the results take; LibTorch's scratch inside single ops is its own secret.
  MemoryUse Memory(const Bindings& bindings) const override {
    const std::vector<Shape> shapes = ConcreteShapes(graph(), bindings);
    const std::vector<ValueLifetime> values = LifetimesOf(graph());
    MemoryUse use;
    std::vector<Lifetime> results;
    for (size_t i = 0; i < shapes.size(); ++i) {
      if (graph().values[i].kind == ValueKind::kParameter) use.parameters += Bytes(shapes[i]);
      if (graph().values[i].kind != ValueKind::kResult) continue;
      results.push_back({Bytes(shapes[i]), values[i].made, values[i].last_read});
    }
    use.activations = PlanMemory(results).bytes;
    return use;
  }

  void Run(std::span<const ConstTensorView> inputs, std::span<const TensorView> outputs) override {
    Translated([&] {
      const at::NoGradGuard no_gradients;
      // Kept by LibTorch for each calling thread, so that setting it once would not do.
      at::set_num_threads(threads_);
      std::vector<at::Tensor> in;
      for (const ConstTensorView& input : inputs) in.push_back(Borrow(input).to(device_));
      const std::vector<at::Tensor> out = runner_.Run(parameters_, in);
      GAN_ASSERT(out.size() == outputs.size());
      for (size_t i = 0; i < out.size(); ++i) {
        at::Tensor to = Borrow(outputs[i]);
        GAN_ASSERT(to.sizes() == out[i].sizes());
        to.copy_(out[i]);
      }
    });
  }

 private:
  // The caller's memory as a tensor. ATen knows no constant memory; inputs are only read.
  static at::Tensor Borrow(const ConstTensorView& view) {
    GAN_ASSERT(view.dtype == DType::kF32 && view.IsContiguous());
    return at::from_blob(const_cast<void*>(view.data),
                         at::IntArrayRef(view.shape.sizes().data(), view.shape.rank()), at::kFloat);
  }

  torch_backend::GraphRunner runner_;
  at::Device device_;
  int threads_;
  ParameterTensors parameters_;
};

class TorchBackend : public Backend {
 public:
  TorchBackend(at::Device device, int threads) : device_(device), threads_(threads) {
    // TF32 keeps 10 bits of each factor: too few for something to compare others with.
    if (device.is_cuda()) at::globalContext().setAllowTF32CuDNN(false);
  }

  std::string name() const override { return "torch"; }

  std::string target() const override {
    return fmt::format("LibTorch {}.{}.{}, {} (CUDA {})", TORCH_VERSION_MAJOR, TORCH_VERSION_MINOR,
                       TORCH_VERSION_PATCH, device_.str(),
                       at::hasCUDA() ? "available" : "not available");
  }

  std::unique_ptr<Executable> Compile(const Graph& graph, NamedTensors parameters) override {
    return Translated(
        [&] { return std::make_unique<TorchExecutable>(graph, parameters, device_, threads_); });
  }

 private:
  at::Device device_;
  int threads_;
};

at::Device DeviceNamed(const std::string& name) {
  at::Device device(at::kCPU);
  try {
    device = at::Device(name);
  } catch (const c10::Error&) {
    Fail(ErrorCode::kUsage, "device", "wants cpu, cuda or cuda:N, got \"{}\"", Printable(name));
  }
  if (!device.is_cpu() && !device.is_cuda()) {
    Fail(ErrorCode::kUsage, "device", "wants cpu, cuda or cuda:N, got \"{}\"", Printable(name));
  }
  if (device.is_cuda() && !at::hasCUDA()) {
    Fail(ErrorCode::kConfiguration, "device", "\"{}\" wants a GPU that LibTorch can use; {}", name,
         "this LibTorch is built without CUDA, or there is none");
  }
  return device;
}

}  // namespace

std::unique_ptr<Backend> MakeTorchBackend(const PluginOptions& options) {
  const int threads = options.threads > 0 ? options.threads : ThreadPool::AvailableProcessors();
  return std::make_unique<TorchBackend>(DeviceNamed(options.device), threads);
}

}  // namespace gan::core

// What the plug-in exports; see runtime/plugin.h.
extern "C" __attribute__((visibility("default"))) gan::core::Backend* GanCreateBackend(
    const char* version, const gan::core::PluginOptions* options) {
  gan::core::CheckPluginVersion(version);
  return gan::core::MakeTorchBackend(*options).release();
}
