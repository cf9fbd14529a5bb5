// Inputs that hold the number of a class for each picture, as PyTorch's Embedding and OneHot read
// them: here they are labels [N, classes], 1 for the class and 0 for the others.
#ifndef GAN_FORMATS_ONNX_CLASSES_H_
#define GAN_FORMATS_ONNX_CLASSES_H_

#include <cstdint>
#include <optional>

#include "formats/onnx_file.h"
#include "formats/onnx_ops.h"

namespace gan::core {

// How many classes an input of whole numbers chooses from: the rows of the table that a Gather
// looks up, or what a OneHot spans. Nothing for inputs that no such node reads, and for several
// that do not agree.
std::optional<int64_t> OnnxClassesOf(const OnnxFile& file, const OnnxInput& input);

// What a node makes that reads the numbers of classes; nothing where it reads none. Error kBadData
// naming the node where it calculates with them.
std::optional<OnnxValue> OnnxOfClasses(OnnxCall& call);

}  // namespace gan::core

#endif  // GAN_FORMATS_ONNX_CLASSES_H_
