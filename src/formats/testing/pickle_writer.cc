#include "formats/testing/pickle_writer.h"

namespace gan::core::testing {
namespace {

template <class T>
std::string LittleEndian(T value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

}  // namespace

PickleWriter& PickleWriter::Raw(std::string_view opcodes) {
  bytes_ += opcodes;
  return *this;
}

PickleWriter& PickleWriter::Text(std::string_view text) {
  return Raw("X").Raw(LittleEndian(static_cast<uint32_t>(text.size()))).Raw(text);
}

PickleWriter& PickleWriter::Int(int64_t value) {
  if (value >= 0 && value < 256) return Raw("K").Raw(LittleEndian(static_cast<uint8_t>(value)));
  if (value == static_cast<int32_t>(value)) {
    return Raw("J").Raw(LittleEndian(static_cast<int32_t>(value)));
  }
  return Raw("\x8a\x08").Raw(LittleEndian(value));
}

PickleWriter& PickleWriter::Global(std::string_view module, std::string_view name) {
  return Raw("c").Raw(module).Raw("\n").Raw(name).Raw("\n");
}

PickleWriter& PickleWriter::Ints(std::span<const int64_t> values) {
  Mark();
  for (const int64_t value : values) Int(value);
  return Tuple();
}

}  // namespace gan::core::testing
