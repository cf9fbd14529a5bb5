#include "api/onnx_metadata.h"

namespace gan::core {
namespace {

constexpr const char* kRange = "gan.picture_range";
constexpr const char* kSigned = "-1..1";

}  // namespace

std::map<std::string, std::string> OnnxMetadataOf(const Model& model) {
  std::map<std::string, std::string> metadata = {{"gan.family", model.family},
                                                 {"gan.description", model.description}};
  if (!model.latent) metadata.emplace(kRange, model.signed_pictures ? kSigned : "0..1");
  return metadata;
}

void ApplyOnnxMetadata(const std::map<std::string, std::string>& metadata, Model& model) {
  const auto range = metadata.find(kRange);
  if (range != metadata.end()) model.signed_pictures = range->second == kSigned;
}

}  // namespace gan::core
