#include "kernels/resize.h"

#include "backends/cpu/held_parameters.h"

namespace gan::core {
namespace {

kernels::ResizeMode KernelMode(ResizeMode mode) {
  switch (mode) {
    case ResizeMode::kNearest: return kernels::ResizeMode::kNearest;
    case ResizeMode::kBilinear: return kernels::ResizeMode::kBilinear;
    case ResizeMode::kBicubic: return kernels::ResizeMode::kBicubic;
  }
  GAN_ASSERT(false);
  return {};
}

kernels::ResizeCoordinates KernelCoordinates(ResizeCoordinates coordinates) {
  switch (coordinates) {
    case ResizeCoordinates::kAsymmetric: return kernels::ResizeCoordinates::kAsymmetric;
    case ResizeCoordinates::kHalfPixel: return kernels::ResizeCoordinates::kHalfPixel;
    case ResizeCoordinates::kAlignCorners: return kernels::ResizeCoordinates::kAlignCorners;
  }
  GAN_ASSERT(false);
  return {};
}

class CpuResize : public CpuOp {
 public:
  CpuResize(const kernels::ResizeParams& params, const BindContext& context)
      : params_(params), held_(context) {}

  uint64_t ParameterBytes() const override { return held_.bytes(); }
  uint64_t WorkspaceBytes(std::span<const Shape> inputs, const Shape&, int threads) const override {
    return kernels::ResizeWorkspaceBytes(inputs[0][3], threads);
  }
  void Run(const CpuRun& run) const override {
    kernels::Resize(held_.At(run, 0), params_, run.output, run.workspace, run.pool);
  }

 private:
  kernels::ResizeParams params_;
  HeldParameters held_;
};

}  // namespace

std::unique_ptr<CpuOp> BindCpu(const Resize& op, const BindContext& context) {
  kernels::ResizeParams params;
  params.mode = KernelMode(op.mode);
  params.coordinates = KernelCoordinates(op.coordinates);
  params.num_h = op.num.h;
  params.den_h = op.den.h;
  params.num_w = op.num.w;
  params.den_w = op.den.w;
  return std::make_unique<CpuResize>(params, context);
}

}  // namespace gan::core
