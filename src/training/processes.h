// The processes that train one model together, each with its share of every batch.
#ifndef GAN_TRAINING_PROCESSES_H_
#define GAN_TRAINING_PROCESSES_H_

#include <ATen/ATen.h>

#include <memory>
#include <string>

namespace gan::core {

// One process alone, or LibTorch's c10d (Gloo on processors, NCCL on GPUs) between several, found
// the way torchrun, Slurm and Kubernetes jobs tell it: RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT,
// LOCAL_RANK. Every process must make the same calls in the same order.
//
// Error kIo from any call when another process went away. Not thread-safe.
class Processes {
 public:
  virtual ~Processes() = default;

  virtual int rank() const = 0;
  virtual int count() const = 0;
  // Replaces the tensor by the mean over all processes.
  virtual void Average(at::Tensor& tensor) = 0;
  // The sum over all processes, through which gradients flow. Once: its gradient is summed too.
  virtual at::Tensor Sum(const at::Tensor& tensor) = 0;
  // True everywhere when it is true anywhere.
  virtual bool Any(bool mine) = 0;
  // Process 0's text, everywhere.
  virtual std::string Broadcast(const std::string& text) = 0;

  bool first() const { return rank() == 0; }
  bool alone() const { return count() == 1; }

  // Error kConfiguration: variables that make no sense, or the others cannot be reached.
  static std::unique_ptr<Processes> FromEnvironment(at::Device device);
  static std::unique_ptr<Processes> Alone();
};

}  // namespace gan::core

#endif  // GAN_TRAINING_PROCESSES_H_
