#include "gan/checkpoint.h"

#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "api/engine.h"
#include "api/load.h"
#include "api/onnx_metadata.h"
#include "base/error.h"
#include "formats/onnx_writer.h"
#include "formats/safetensors.h"

namespace gan {
namespace {

namespace fs = std::filesystem;

std::vector<TensorInfo> Describe(const core::NamedTensors& tensors) {
  std::vector<TensorInfo> list;
  for (const auto& [name, tensor] : tensors) {
    const std::span<const int64_t> sizes = tensor.shape().sizes();
    list.push_back({name,
                    std::string(core::NameOf(tensor.dtype())),
                    {sizes.begin(), sizes.end()},
                    tensor.bytes()});
  }
  return list;
}

std::vector<std::string> ClassesIn(const core::ModuleTree& modules) {
  std::set<std::string> classes;
  for (const auto& [path, facts] : modules) classes.insert(facts.type);
  return {classes.begin(), classes.end()};
}

uint64_t SizeOfFile(const std::string& path) {
  std::error_code error;
  const uintmax_t size = fs::file_size(path, error);
  return error ? 0 : size;
}

void DescribeModel(const core::Model& model, const InspectOptions& options,
                   const EngineOptions& engine_options, Inspection& out) {
  out.model = core::InfoOf(model);
  if (options.graph) out.graph = core::ToString(model.graph);
  const bool sized = options.width > 0 && options.height > 0;
  if (!sized && !options.plan) return;
  const core::Engine engine(engine_options);
  const auto executable = engine.backend->Compile(model.graph, model.parameters);
  if (options.plan) out.execution = executable->Describe();
  if (sized) {
    out.plan = core::PlanOf(*executable, *out.model, options.width, options.height);
  }
}

}  // namespace

Inspection Inspect(const std::string& name, const InspectOptions& options,
                   const EngineOptions& engine, const LoadOptions& load) {
  core::Contents contents = core::ReadContents(name, load);
  Inspection out;
  out.path = contents.path;
  out.format = contents.checkpoint.format;
  out.file_bytes = SizeOfFile(contents.path);
  out.tensors = Describe(contents.checkpoint.tensors);
  out.metadata = contents.checkpoint.metadata;
  out.opaque = contents.checkpoint.opaque;
  out.opaque_objects = contents.checkpoint.opaque_objects;
  out.modules = ClassesIn(contents.checkpoint.modules);

  std::optional<core::Model> model;
  try {
    model = core::GeneratorOf(std::move(contents));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kBadData) throw;
    out.why_no_model = error.what();
  }
  if (model) DescribeModel(*model, options, engine, out);
  return out;
}

Conversion Convert(const std::string& input, const std::string& output,
                   const LoadOptions& options) {
  const fs::path extension = fs::path(output).extension();
  if (extension != ".safetensors" && extension != ".onnx") {
    core::Fail(ErrorCode::kUsage, core::Printable(output),
               "the output's name must end in .safetensors or .onnx, the formats that are written");
  }
  core::Contents contents = core::ReadContents(input, options);
  Conversion done{contents.path, contents.checkpoint.format, output,
                  contents.checkpoint.tensors.size(), 0};
  if (extension == ".onnx") {
    const core::Model model = core::GeneratorOf(std::move(contents));
    done.tensors = model.parameters.size();
    core::WriteOnnx(output, model.graph, model.parameters, core::OnnxMetadataOf(model));
  } else {
    core::WriteSafetensors(output, contents.checkpoint.tensors, contents.checkpoint.metadata);
  }
  done.bytes = SizeOfFile(output);
  return done;
}

}  // namespace gan
