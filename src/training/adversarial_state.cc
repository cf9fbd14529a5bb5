// What a checkpoint holds of a training, and back.
#include "base/error.h"
#include "training/adversarial_training.h"

namespace gan::core {
namespace {

using Blocks = std::map<std::string, at::Tensor>;

void AddBlock(NamedTensors& to, const std::string& prefix, const FlatParameters& parameters,
              const at::Tensor& block) {
  for (size_t i = 0; i < parameters.names().size(); ++i) {
    to.Add(prefix + parameters.names()[i], ToTensor(parameters.PartOf(block, i)));
  }
}

Shape ShapeOf(const at::Tensor& tensor) {
  return Shape(std::span(tensor.sizes().data(), tensor.sizes().size()));
}

const Tensor& Find(const NamedTensors& tensors, const std::string& name, const at::Tensor& like) {
  const Tensor* found = tensors.Find(name);
  if (found == nullptr || found->shape() != ShapeOf(like)) {
    Fail(ErrorCode::kBadData, "checkpoint", "wants \"{}\" {}, {}: it belongs to another network",
         name, ShapeOf(like).ToString(),
         found == nullptr ? "it is not there" : "got " + found->shape().ToString());
  }
  return *found;
}

void TakeBlock(const NamedTensors& from, const std::string& prefix,
               const FlatParameters& parameters, const at::Tensor& block) {
  const at::NoGradGuard no_gradients;
  for (size_t i = 0; i < parameters.names().size(); ++i) {
    at::Tensor part = parameters.PartOf(block, i);
    const Tensor& saved = Find(from, prefix + parameters.names()[i], part);
    part.copy_(ToAten(saved, at::kCPU).reshape(part.sizes()));
  }
}

void AddOptimiser(NamedTensors& to, const std::string& prefix, const FlatParameters& parameters,
                  const Optimiser& optimiser) {
  for (const auto& [name, block] : optimiser.State()) {
    AddBlock(to, prefix + name + ".", parameters, block);
  }
}

void TakeOptimiser(const NamedTensors& from, const std::string& prefix,
                   const FlatParameters& parameters, Optimiser& optimiser, int64_t steps) {
  Blocks blocks;
  for (const auto& [name, like] : optimiser.State()) {
    blocks[name] = parameters.NewBlock();
    TakeBlock(from, prefix + name + ".", parameters, blocks[name]);
  }
  optimiser.Restore(blocks, steps);
}

void AddBuffers(NamedTensors& to, const std::string& prefix, const TrainedNetwork& network) {
  for (const auto& [name, buffer] : network.Buffers()) to.Add(prefix + name, ToTensor(buffer));
}

void TakeBuffers(const NamedTensors& from, const std::string& prefix, TrainedNetwork& network) {
  Blocks buffers;
  for (const auto& [name, like] : network.Buffers()) {
    buffers[name] = ToAten(Find(from, prefix + name, like), like.device()).reshape(like.sizes());
  }
  network.RestoreBuffers(buffers);
}

nlohmann::json ScaleState(const LossScale& scale) {
  return {{"scale", scale.state().scale}, {"good", scale.state().good}};
}

}  // namespace

AdversarialTraining::Saved AdversarialTraining::Save() const {
  Saved saved;
  NamedTensors& tensors = saved.tensors;
  AddBlock(tensors, "generator_ema.", generator_.parameters(), average_);
  AddBlock(tensors, "generator.", generator_.parameters(), generator_.parameters().values());
  AddBuffers(tensors, "generator.", generator_);
  AddBlock(tensors, "discriminator.", discriminator_.parameters(),
           discriminator_.parameters().values());
  AddBuffers(tensors, "discriminator.", discriminator_);
  AddOptimiser(tensors, "optimiser.generator.", generator_.parameters(), generator_optimiser_);
  AddOptimiser(tensors, "optimiser.discriminator.", discriminator_.parameters(),
               discriminator_optimiser_);
  const LeCam::Anchors anchors = lecam_ ? lecam_->anchors() : LeCam::Anchors{};
  const AdaController::State& ada = ada_controller_.state();
  saved.state = {
      {"discriminator_steps", steps_},
      {"generator_optimiser_steps", generator_optimiser_.steps()},
      {"discriminator_optimiser_steps", discriminator_optimiser_.steps()},
      {"lecam", {{"real", anchors.real}, {"fake", anchors.fake}}},
      {"ada", {{"probability", ada.probability}, {"sum", ada.sum}, {"images", ada.images}}},
      {"generator_scale", ScaleState(generator_scale_)},
      {"discriminator_scale", ScaleState(discriminator_scale_)},
      {"rate_factor", rate_factor_},
      {"salt", salt_},
  };
  return saved;
}

void AdversarialTraining::Restore(const Saved& saved) {
  const NamedTensors& tensors = saved.tensors;
  const nlohmann::json& state = saved.state;
  TakeBlock(tensors, "generator_ema.", generator_.parameters(), average_);
  TakeBlock(tensors, "generator.", generator_.parameters(), generator_.parameters().values());
  TakeBuffers(tensors, "generator.", generator_);
  TakeBlock(tensors, "discriminator.", discriminator_.parameters(),
            discriminator_.parameters().values());
  TakeBuffers(tensors, "discriminator.", discriminator_);
  try {
    TakeOptimiser(tensors, "optimiser.generator.", generator_.parameters(), generator_optimiser_,
                  state.at("generator_optimiser_steps").get<int64_t>());
    TakeOptimiser(tensors, "optimiser.discriminator.", discriminator_.parameters(),
                  discriminator_optimiser_,
                  state.at("discriminator_optimiser_steps").get<int64_t>());
    steps_ = state.at("discriminator_steps").get<uint64_t>();
    const auto& anchors = state.at("lecam");
    if (lecam_) lecam_->Restore({anchors.at("real"), anchors.at("fake")});
    const auto& ada = state.at("ada");
    ada_controller_.Restore({ada.at("probability"), ada.at("sum"), ada.at("images")});
    const auto scale = [&](const char* name) -> LossScale::State {
      return {state.at(name).at("scale"), state.at(name).at("good")};
    };
    generator_scale_.Restore(scale("generator_scale"));
    discriminator_scale_.Restore(scale("discriminator_scale"));
    rate_factor_ = state.at("rate_factor").get<double>();
    salt_ = state.at("salt").get<uint64_t>();
  } catch (const nlohmann::json::exception& error) {
    Fail(ErrorCode::kBadData, "checkpoint", "has a state that is incomplete: {}",
         Printable(error.what()));
  }
  shared_ = at::Tensor();
}

}  // namespace gan::core
