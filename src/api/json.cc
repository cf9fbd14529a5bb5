// Reports as JSON: for --json, the C API and servers alike. Member names are part of the interface
// (docs/cli.md).
#include <nlohmann/json.hpp>

#include "gan/bench.h"
#include "gan/checkpoint.h"
#include "gan/dataset.h"
#include "gan/doctor.h"
#include "gan/evaluate.h"
#include "gan/sample.h"
#include "gan/upscale.h"

namespace gan {
namespace {

using Json = nlohmann::ordered_json;

// Text from files may hold anything; what is not UTF-8 becomes U+FFFD.
std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Json FromGeometry(const Geometry& geometry) {
  Json json = {{"scale", static_cast<double>(geometry.scale_num) / geometry.scale_den},
               {"margin", geometry.margin},
               {"multiple", geometry.multiple}};
  json["reach"] = geometry.reach ? Json(*geometry.reach) : Json();
  if (geometry.fixed_width > 0) {
    json["fixed_width"] = geometry.fixed_width, json["fixed_height"] = geometry.fixed_height;
  }
  return json;
}

Json FromInfo(const ModelInfo& info) {
  Json json = {{"family", info.family},
               {"description", info.description},
               {"in_channels", info.in_channels},
               {"out_channels", info.out_channels}};
  if (info.latent) {
    json.update({{"latent", info.latent->size},
                 {"classes", info.latent->classes},
                 {"width", info.latent->width},
                 {"height", info.latent->height}});
    if (info.style_space) {
      json.update({{"style", info.style_space->size}, {"style_layers", info.style_space->layers}});
    }
    if (!info.latent->class_names.empty()) json["class_names"] = info.latent->class_names;
  } else {
    json.update(FromGeometry(info.geometry));
  }
  json["parameters"] = info.parameters;
  json["multiply_adds_per_pixel"] = info.multiply_adds_per_pixel;
  Json facts = Json::object();
  for (const auto& [name, value] : info.facts) facts[name] = value;
  json["facts"] = facts;
  return json;
}

Json FromPlan(const Plan& plan) {
  return {{"width", plan.width},           {"height", plan.height},
          {"parameters", plan.parameters}, {"activations", plan.activations},
          {"workspace", plan.workspace},   {"pictures", plan.pictures},
          {"total", plan.total()},         {"multiply_adds", plan.multiply_adds}};
}

Json FromTensors(const std::vector<TensorInfo>& tensors) {
  Json list = Json::array();
  for (const TensorInfo& tensor : tensors) {
    list.push_back({{"name", tensor.name}, {"dtype", tensor.dtype}, {"shape", tensor.shape}});
  }
  return list;
}

// {"1": 60000}: pictures by a number that they have.
Json FromCounts(const std::map<int, int64_t>& counts) {
  Json json = Json::object();
  for (const auto& [number, pictures] : counts) json[std::to_string(number)] = pictures;
  return json;
}

}  // namespace

std::string ToJson(const ModelInfo& info) { return Dump(FromInfo(info)); }

std::string ToJson(const Inspection& inspection, bool with_tensors) {
  Json json = {{"path", inspection.path},
               {"format", inspection.format},
               {"file_bytes", inspection.file_bytes},
               {"tensor_count", inspection.tensors.size()},
               {"metadata", inspection.metadata},
               {"opaque", inspection.opaque},
               {"opaque_objects", inspection.opaque_objects},
               {"modules", inspection.modules}};
  if (inspection.model) json["model"] = FromInfo(*inspection.model);
  if (!inspection.why_no_model.empty()) json["why_no_model"] = inspection.why_no_model;
  if (inspection.plan) json["plan"] = FromPlan(*inspection.plan);
  if (!inspection.graph.empty()) json["graph"] = inspection.graph;
  if (!inspection.execution.empty()) json["execution"] = inspection.execution;
  if (with_tensors) json["tensors"] = FromTensors(inspection.tensors);
  return Dump(json);
}

std::string ToJson(const Conversion& conversion) {
  return Dump({{"input", conversion.input},
               {"format", conversion.format},
               {"output", conversion.output},
               {"tensors", conversion.tensors},
               {"bytes", conversion.bytes}});
}

std::string ToJson(const BenchResult& result) {
  return Dump({{"model", result.model},
               {"device", result.device},
               {"target", result.target},
               {"threads", result.threads},
               {"width", result.width},
               {"height", result.height},
               {"seconds", result.seconds},
               {"best", result.best},
               {"median", result.median},
               {"multiply_adds", result.multiply_adds},
               {"gflops", result.gflops},
               {"peak_memory", result.peak_memory},
               {"program_memory", result.program_memory},
               {"plan", FromPlan(result.plan)}});
}

std::string ToJson(const DoctorReport& report) {
  return Dump({{"version", report.version},
               {"processor", report.processor},
               {"threads", report.threads},
               {"memory_total", report.memory_total},
               {"memory_available", report.memory_available},
               {"cpu_target", report.cpu_target},
               {"cpu_target_reason", report.cpu_target_reason},
               {"cpu_targets", report.cpu_targets},
               {"torch", report.torch},
               {"torch_status", report.torch_status},
               {"gpu", report.gpu},
               {"checkpoint_formats", report.checkpoint_formats},
               {"families", report.families},
               {"picture_formats", report.picture_formats},
               {"fast_bf16", report.fast_bf16},
               {"video", report.video},
               {"video_status", report.video_status},
               {"model_folder", report.model_folder},
               {"models", report.models},
               {"shipped_models", report.shipped_models}});
}

std::string ToJson(const Evaluation& evaluation) {
  Json figures = Json::array();
  for (const Figure& figure : evaluation.figures) {
    figures.push_back({{"name", figure.name}, {"value", figure.value}});
    if (figure.spread) figures.back()["spread"] = *figure.spread;
    figures.back()["protocol"] = figure.protocol;
  }
  Json json = {{"made", evaluation.made},
               {"reference", evaluation.reference},
               {"made_pictures", evaluation.made_pictures},
               {"reference_pictures", evaluation.reference_pictures},
               {"figures", figures},
               {"notes", evaluation.notes}};
  if (!evaluation.neighbours.empty()) json["neighbours"] = evaluation.neighbours;
  return Dump(json);
}

std::string ToJson(const UpscaleResult& result) {
  using Status = UpscaleResult::Status;
  Json json = {{"status", result.status == Status::kDone      ? "done"
                          : result.status == Status::kSkipped ? "skipped"
                                                              : "failed"},
               {"input", result.input},
               {"output", result.output}};
  if (result.status == Status::kDone) {
    json["width"] = result.width;
    json["height"] = result.height;
    json["seconds"] = result.seconds;
  }
  if (result.status == Status::kFailed) {
    json["code"] = static_cast<int>(result.code);
    json["message"] = result.message;
  }
  return Dump(json);
}

std::string ToJson(const DatasetReport& report) {
  Json json = {{"path", report.path}, {"kind", report.kind}, {"pictures", report.pictures}};
  json["classes"] = Json::array();
  for (const auto& one : report.classes) {
    json["classes"].push_back({{"name", one.name}, {"pictures", one.pictures}});
  }
  json["sizes"] = Json::array();
  for (const auto& size : report.sizes) {
    json["sizes"].push_back(
        {{"width", size.width}, {"height", size.height}, {"pictures", size.pictures}});
  }
  json["channels"] = FromCounts(report.channels);
  json["bits"] = FromCounts(report.bits);
  json["unreadable"] = Json::array();
  for (const auto& one : report.unreadable) {
    json["unreadable"].push_back({{"name", one.name}, {"reason", one.reason}});
  }
  if (!report.no_size.empty()) json["no_size"] = report.no_size;
  json["used"] = {{"pictures", report.used},
                  {"width", report.width},
                  {"height", report.height},
                  {"channels", report.used_channels},
                  {"bits", report.used_bits}};
  json["duplicates"] = report.duplicates;
  json["duplicate_examples"] = Json::array();
  for (const auto& one : report.examples) {
    json["duplicate_examples"].push_back({{"name", one.name}, {"same_as", one.same_as}});
  }
  json["notes"] = report.notes;
  json["cache_file"] = report.cache_file;
  return Dump(json);
}

std::string ToJson(const SampleResult& result) {
  Json json = {{"output", result.output}, {"kind", result.kind},   {"pictures", result.pictures},
               {"files", result.files},   {"width", result.width}, {"height", result.height}};
  if (result.kind == "animation") json["frames"] = result.frames;
  json["seconds"] = result.seconds;
  return Dump(json);
}

}  // namespace gan
