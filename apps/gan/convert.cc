// gan convert: any readable checkpoint as safetensors, any generator as ONNX.
#include <memory>

#include "command.h"
#include "gan/checkpoint.h"
#include "reporter.h"
#include "text.h"

namespace gan::cli {
namespace {

constexpr const char* kExamples =
    "  gan convert realesr.pth realesr.safetensors\n"
    "  gan convert realesr.pth realesr.onnx\n";

struct Arguments {
  std::string input;
  std::string output;
  Common common;
};

int Run(const Arguments& arguments) {
  Reporter reporter(arguments.common);
  const Conversion conversion = Convert(arguments.input, arguments.output, arguments.common.load);
  reporter.Event(Json::parse(ToJson(conversion)));
  reporter.Result(Shown(conversion.input) + " (" + conversion.format + ") -> " +
                  Shown(conversion.output) + "  " + std::to_string(conversion.tensors) +
                  " tensors, " + Bytes(conversion.bytes));
  return 0;
}

}  // namespace

void AddConvert(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App& command = AddCommand(
      app, "convert", "write any readable checkpoint as safetensors, or its generator as ONNX",
      kExamples);
  command.add_option("IN", arguments->input, "checkpoint, or the name of one in the model folder")
      ->required()
      ->type_name("");
  command.add_option("OUT", arguments->output, "file to write, NAME.safetensors or NAME.onnx")
      ->required()
      ->type_name("");
  AddCommon(command, arguments->common, Reads::kCheckpoint);
  command.callback([arguments, &action] { action = [arguments] { return Run(*arguments); }; });
}

}  // namespace gan::cli
