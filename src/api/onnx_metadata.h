// What an ONNX file says of a generator beside its graph.
#ifndef GAN_API_ONNX_METADATA_H_
#define GAN_API_ONNX_METADATA_H_

#include <map>
#include <string>

#include "models/model.h"

namespace gan::core {

// Family, description and, of networks from pictures to pictures, the range of their numbers.
std::map<std::string, std::string> OnnxMetadataOf(const Model& model);

// Takes over what of it changes how the network is run.
void ApplyOnnxMetadata(const std::map<std::string, std::string>& metadata, Model& model);

}  // namespace gan::core

#endif  // GAN_API_ONNX_METADATA_H_
