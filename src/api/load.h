// From a file to a generator, whatever the format.
#ifndef GAN_API_LOAD_H_
#define GAN_API_LOAD_H_

#include <optional>
#include <string>
#include <vector>

#include "base/thread_pool.h"
#include "formats/checkpoint.h"
#include "gan/engine.h"
#include "gan/model.h"
#include "models/model.h"
#include "runtime/backend.h"

namespace gan::core {

// What a file holds: tensors, or (ncnn, ONNX) a network whose parameters they are.
struct Contents {
  std::string path;
  Checkpoint checkpoint;
  std::optional<Model> network;
};

// `name` as of FindModel. `pool` reads; one thread alone where null. Error kNoInput, kBadData, kIo.
Contents ReadContents(const std::string& name, const LoadOptions& options,
                      ThreadPool* pool = nullptr);

// "a.pth:0.7,b.pth:0.3" taken apart; empty for any other name, and for that of a file.
struct MixtureName {
  std::string name;
  double weight;
};
std::vector<MixtureName> MixtureIn(const std::string& name);

// The mixture of the generators of these names. Errors as of ReadContents, GeneratorOf and Mix.
Model MixtureOf(const std::vector<MixtureName>& parts, const LoadOptions& options);

// The generator in it. Error kBadData when no family fits, as of DetectModel.
Model GeneratorOf(Contents contents);

// What people are told about it.
ModelInfo InfoOf(const Model& model);

// The side of the network's input for `pixels` of a picture: margins added, then brought up to the
// multiple.
int64_t InputSide(const Geometry& geometry, int64_t pixels);

// The sizes of the network's inputs for one picture of this many pixels; a latent asks for none.
std::vector<Shape> InputShapes(const Graph& graph, const ModelInfo& info, int64_t width,
                               int64_t height);

// Memory and work of one run on a picture of this many pixels. Error kBadData as of BindInputs.
Plan PlanOf(const Executable& executable, const ModelInfo& info, int64_t width, int64_t height);

}  // namespace gan::core

#endif  // GAN_API_LOAD_H_
