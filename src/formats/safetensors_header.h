// The JSON header of a safetensors file: strictly read, not yet compared with the data.
#ifndef GAN_FORMATS_SAFETENSORS_HEADER_H_
#define GAN_FORMATS_SAFETENSORS_HEADER_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "formats/limits.h"
#include "tensor/dtype.h"
#include "tensor/shape.h"

namespace gan::core {

// As the format spells it: "F32". Every DType has one.
std::string_view SafetensorsName(DType dtype);

struct SafetensorsEntry {
  std::string name;
  DType dtype = DType::kF32;
  Shape shape;
  uint64_t begin = 0;  // bytes, from the end of the header
  uint64_t end = 0;
};

struct SafetensorsHeader {
  std::vector<SafetensorsEntry> entries;  // in the order of the text
  std::map<std::string, std::string> metadata;
};

// Error kBadData, naming `where`. Needs no stack that grows with the text.
SafetensorsHeader ParseSafetensorsHeader(std::string_view where, std::string_view text,
                                         const Limits& limits);

}  // namespace gan::core

#endif  // GAN_FORMATS_SAFETENSORS_HEADER_H_
