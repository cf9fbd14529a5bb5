// gan inspect: what a checkpoint is.
#include <memory>

#include "command.h"
#include "gan/checkpoint.h"
#include "reporter.h"
#include "text.h"

namespace gan::cli {
namespace {

constexpr const char* kExamples =
    "  gan inspect realesr.pth                     family, scale, sizes, cost\n"
    "  gan inspect realesr.pth --size 1920x1080    and the memory for such a picture\n"
    "  gan inspect unknown.pt --tensors            whatever it is: its tensors\n"
    "  gan inspect realesr.param --graph           the network, one line a layer\n"
    "  gan inspect realesr.pth --plan              what runs it, and what was fused\n";

struct Arguments {
  std::string file;
  bool tensors = false;
  InspectOptions options;
  Common common;
};

void Show(Reporter& reporter, const std::string& name, const std::string& value) {
  std::string label = name + ":";
  label.resize(std::max<size_t>(label.size() + 1, 18), ' ');
  reporter.Result(label + Shown(value));
}

std::string ShapeText(const std::vector<int64_t>& shape) {
  std::string text;
  for (const int64_t size : shape) text += (text.empty() ? "" : ", ") + std::to_string(size);
  return "[" + text + "]";
}

void ShowScale(Reporter& reporter, const ModelInfo& model) {
  const Geometry& geometry = model.geometry;
  Show(reporter, "scale",
       Number(static_cast<double>(geometry.scale_num) / static_cast<double>(geometry.scale_den)));
  Show(reporter, "channels",
       std::to_string(model.in_channels) + " in, " + std::to_string(model.out_channels) + " out");
  Show(reporter, "sees",
       geometry.reach ? std::to_string(*geometry.reach) + " pixels on each side" : "everything");
  if (geometry.margin > 0) Show(reporter, "margin", std::to_string(geometry.margin) + " pixels");
  if (geometry.multiple > 1) Show(reporter, "multiple of", std::to_string(geometry.multiple));
  if (geometry.fixed_width > 0) {
    Show(reporter, "takes",
         "pictures of " + std::to_string(geometry.fixed_width) + " x " +
             std::to_string(geometry.fixed_height) + " pixels alone");
  }
}

void ShowLatent(Reporter& reporter, const LatentInput& latent, int64_t channels) {
  Show(reporter, "takes",
       std::to_string(latent.size) + " random numbers a picture" +
           (latent.classes > 0 ? ", one of " + std::to_string(latent.classes) + " classes" : ""));
  Show(reporter, "makes",
       std::to_string(latent.width) + " x " + std::to_string(latent.height) + " pixels, " +
           std::to_string(channels) + (channels == 1 ? " channel" : " channels"));
}

void ShowModel(Reporter& reporter, const ModelInfo& model) {
  Show(reporter, "family", model.family + " (" + model.description + ")");
  if (model.latent) {
    ShowLatent(reporter, *model.latent, model.out_channels);
  } else {
    ShowScale(reporter, model);
  }
  std::string facts;
  for (const auto& [name, value] : model.facts) {
    facts += (facts.empty() ? "" : ", ") + name + " " + value;
  }
  Show(reporter, "sizes", facts);
  Show(
      reporter, "parameters",
      std::to_string(model.parameters) + " (" + Count(static_cast<double>(model.parameters)) + ")");
  Show(reporter, "multiply-adds",
       Count(model.multiply_adds_per_pixel) +
           (model.latent ? " per pixel made" : " per input pixel"));
}

void ShowPlan(Reporter& reporter, const Plan& plan) {
  Show(reporter, "for " + std::to_string(plan.width) + " x " + std::to_string(plan.height),
       Bytes(plan.total()) + " without tiles (weights " + Bytes(plan.parameters) + ", layers " +
           Bytes(plan.activations) + ", scratch " + Bytes(plan.workspace) + ", pictures " +
           Bytes(plan.pictures) + "), " + Count(plan.multiply_adds) + " multiply-adds");
}

void ShowContents(Reporter& reporter, const Inspection& inspection) {
  uint64_t bytes = 0;
  for (const TensorInfo& tensor : inspection.tensors) bytes += tensor.bytes;
  Show(reporter, "tensors", std::to_string(inspection.tensors.size()) + ", " + Bytes(bytes));
  if (!inspection.modules.empty()) {
    Show(reporter, "pickled modules",
         "read as data, their classes never looked up: " + Joined(inspection.modules, ""));
  }
  if (!inspection.opaque.empty()) {
    Show(reporter, "opaque objects",
         std::to_string(inspection.opaque_objects) +
             ", kept as data and never run: " + Joined(inspection.opaque, ""));
  }
  for (const auto& [name, value] : inspection.metadata) {
    Show(reporter, "metadata", name + " = " + value);
  }
}

int Run(const Arguments& arguments) {
  Reporter reporter(arguments.common);
  const Inspection inspection =
      Inspect(arguments.file, arguments.options, arguments.common.engine, arguments.common.load);
  if (reporter.json()) {
    reporter.Event(Json::parse(ToJson(inspection, arguments.tensors)));
    return 0;
  }
  Show(reporter, "file", inspection.path);
  Show(reporter, "format", inspection.format + ", " + Bytes(inspection.file_bytes));
  if (inspection.model) {
    ShowModel(reporter, *inspection.model);
  } else {
    Show(reporter, "no generator", inspection.why_no_model);
  }
  ShowContents(reporter, inspection);
  if (inspection.plan) ShowPlan(reporter, *inspection.plan);
  if (arguments.tensors) {
    for (const TensorInfo& tensor : inspection.tensors) {
      reporter.Result("  " + Shown(tensor.name) + "  " + tensor.dtype + ShapeText(tensor.shape));
    }
  }
  if (!inspection.graph.empty()) reporter.Result(inspection.graph);
  if (!inspection.execution.empty()) reporter.Result(inspection.execution);
  return 0;
}

}  // namespace

void AddInspect(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App& command =
      AddCommand(app, "inspect", "show what a checkpoint is and what running it takes", kExamples);
  command.add_option("FILE", arguments->file, "checkpoint, or the name of one in the model folder")
      ->required()
      ->type_name("");
  command.add_flag("--tensors", arguments->tensors, "list all tensors");
  AddOptions(command, InspectOptionList(), arguments->options);
  AddCommon(command, arguments->common, Reads::kCheckpoint);
  command.callback([arguments, &action] { action = [arguments] { return Run(*arguments); }; });
}

}  // namespace gan::cli
