#include "training/processes.h"

#include <torch/csrc/autograd/custom_function.h>
// LibTorch's headers hide these behind a definition that its own build makes.
#ifndef USE_C10D_GLOO
#define USE_C10D_GLOO
#endif
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#ifdef USE_C10D_NCCL
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif

#include <chrono>
#include <cstdlib>
#include <cstring>

#include "base/error.h"

namespace gan::core {
namespace {

class OneProcess : public Processes {
 public:
  int rank() const override { return 0; }
  int count() const override { return 1; }
  void Average(at::Tensor&) override {}
  at::Tensor Sum(const at::Tensor& tensor) override { return tensor; }
  bool Any(bool mine) override { return mine; }
  std::string Broadcast(const std::string& text) override { return text; }
};

// A whole number from the environment; `otherwise` when it is not set.
int64_t Variable(const char* name, int64_t low, int64_t high, int64_t otherwise) {
  const char* text = std::getenv(name);
  if (text == nullptr || *text == '\0') return otherwise;
  char* end = nullptr;
  const int64_t value = std::strtoll(text, &end, 10);
  if (*end != '\0' || value < low || value > high) {
    Fail(ErrorCode::kConfiguration, "processes",
         "{} wants a whole number from {} to {}, got \"{}\"", name, low, high, Printable(text));
  }
  return value;
}

// c10d's groups have no common base that is the same in LibTorch 1.13 and 2.x.
template <class Group>
class ManyProcesses : public Processes {
 public:
  ManyProcesses(c10::intrusive_ptr<Group> group, int rank, int count, at::Device device)
      : group_(std::move(group)), rank_(rank), count_(count), device_(device) {}

  int rank() const override { return rank_; }
  int count() const override { return count_; }

  void Average(at::Tensor& tensor) override {
    const at::NoGradGuard no_gradients;
    AddUp(tensor);
    tensor.div_(count_);
  }

  at::Tensor Sum(const at::Tensor& tensor) override { return SumFunction::apply(tensor, this); }

  bool Any(bool mine) override {
    at::Tensor votes = at::full({1}, mine ? 1.0f : 0.0f);
    AddUp(votes);
    return votes.item<float>() > 0;
  }

  std::string Broadcast(const std::string& text) override {
    at::Tensor size = at::full({1}, static_cast<int64_t>(text.size()), at::kLong);
    FromFirst(size);
    at::Tensor bytes = at::zeros({size.item<int64_t>()}, at::kByte);
    if (rank_ == 0) std::memcpy(bytes.data_ptr(), text.data(), text.size());
    if (bytes.numel() > 0) FromFirst(bytes);
    return {static_cast<const char*>(bytes.data_ptr()), static_cast<size_t>(bytes.numel())};
  }

 private:
  struct SumFunction : torch::autograd::Function<SumFunction> {
    static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x,
                              ManyProcesses* processes) {
      context->saved_data["processes"] = reinterpret_cast<int64_t>(processes);
      at::Tensor sum = x.detach().clone();
      processes->AddUp(sum);
      return sum;
    }
    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   torch::autograd::variable_list gradients) {
      auto* processes = reinterpret_cast<ManyProcesses*>(context->saved_data["processes"].toInt());
      // Through Sum() again, so that a gradient of a gradient is summed as well.
      return {processes->Sum(gradients[0].contiguous()), at::Tensor()};
    }
  };

  template <class Call>
  void Guarded(at::Tensor& tensor, Call&& call) {
    at::Tensor there = tensor.to(device_).contiguous();
    try {
      std::vector<at::Tensor> tensors = {there};
      call(tensors)->wait();
    } catch (const std::exception& error) {
      Fail(ErrorCode::kIo, "processes",
           "process {} of {} lost the others ({}); start them all again with --resume", rank_,
           count_, Printable(std::string(error.what()).substr(0, 200)));
    }
    if (!there.is_same(tensor)) tensor.copy_(there);
  }
  void AddUp(at::Tensor& tensor) {
    Guarded(tensor, [&](std::vector<at::Tensor>& tensors) { return group_->allreduce(tensors); });
  }
  void FromFirst(at::Tensor& tensor) {
    Guarded(tensor, [&](std::vector<at::Tensor>& tensors) { return group_->broadcast(tensors); });
  }

  c10::intrusive_ptr<Group> group_;
  int rank_;
  int count_;
  at::Device device_;
};

std::unique_ptr<Processes> Connect(int rank, int count, at::Device device) {
  const char* address = std::getenv("MASTER_ADDR");
  c10d::TCPStoreOptions options;
  options.port = static_cast<uint16_t>(Variable("MASTER_PORT", 1, 65535, 29500));
  options.isServer = rank == 0;
  options.numWorkers = count;
  options.timeout = std::chrono::seconds(Variable("GAN_RENDEZVOUS_SECONDS", 1, 86400, 300));
  const std::string host = address == nullptr ? "127.0.0.1" : address;
  auto store = c10::make_intrusive<c10d::TCPStore>(host, options);
  if (device.is_cuda()) {
#ifdef USE_C10D_NCCL
    return std::make_unique<ManyProcesses<c10d::ProcessGroupNCCL>>(
        c10::make_intrusive<c10d::ProcessGroupNCCL>(store, rank, count), rank, count, device);
#else
    Fail(ErrorCode::kConfiguration, "processes",
         "this build of LibTorch has no NCCL: several GPUs "
         "need one that has");
#endif
  }
  auto gloo = c10d::ProcessGroupGloo::Options::create();
  gloo->devices.push_back(c10d::ProcessGroupGloo::createDefaultDevice());
  return std::make_unique<ManyProcesses<c10d::ProcessGroupGloo>>(
      c10::make_intrusive<c10d::ProcessGroupGloo>(store, rank, count, gloo), rank, count, device);
}

}  // namespace

std::unique_ptr<Processes> Processes::Alone() { return std::make_unique<OneProcess>(); }

std::unique_ptr<Processes> Processes::FromEnvironment(at::Device device) {
  const int count = static_cast<int>(Variable("WORLD_SIZE", 1, 65536, 1));
  if (count == 1) return Alone();
  const int rank = static_cast<int>(Variable("RANK", 0, count - 1, -1));
  if (rank < 0) {
    Fail(ErrorCode::kConfiguration, "processes", "WORLD_SIZE is {}, but RANK is not set", count);
  }
  try {
    return Connect(rank, count, device);
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    Fail(ErrorCode::kConfiguration, "processes",
         "process {} of {} cannot reach the others at MASTER_ADDR and MASTER_PORT: {}", rank, count,
         Printable(std::string(error.what()).substr(0, 200)));
  }
}

}  // namespace gan::core
