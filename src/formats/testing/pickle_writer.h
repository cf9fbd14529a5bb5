// Writes pickles for tests, opcode by opcode (protocol 2).
#ifndef GAN_FORMATS_TESTING_PICKLE_WRITER_H_
#define GAN_FORMATS_TESTING_PICKLE_WRITER_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace gan::core::testing {

// Each function leaves its value on the stack of the machine that will read the pickle.
class PickleWriter {
 public:
  PickleWriter() { bytes_ = "\x80\x02"; }

  PickleWriter& Raw(std::string_view opcodes);  // anything, also what no pickler would write
  PickleWriter& Text(std::string_view text);
  PickleWriter& Int(int64_t value);
  PickleWriter& None() { return Raw("N"); }
  PickleWriter& Bool(bool value) { return Raw(value ? "\x88" : "\x89"); }
  PickleWriter& Global(std::string_view module, std::string_view name);
  PickleWriter& Ints(std::span<const int64_t> values);  // a tuple
  PickleWriter& Mark() { return Raw("("); }
  PickleWriter& Tuple() { return Raw("t"); }  // of all above the mark
  PickleWriter& EmptyTuple() { return Raw(")"); }
  PickleWriter& EmptyDict() { return Raw("}"); }
  PickleWriter& EmptyList() { return Raw("]"); }
  PickleWriter& OrderedDict() { return Global("collections", "OrderedDict").EmptyTuple().Call(); }
  PickleWriter& SetItems() { return Raw("u"); }  // key, value, ... above the mark
  PickleWriter& Appends() { return Raw("e"); }   // items above the mark
  PickleWriter& Call() { return Raw("R"); }      // callable, tuple of arguments
  PickleWriter& Persistent() { return Raw("Q"); }

  std::string Finish() { return Raw(".").bytes_; }

 private:
  std::string bytes_;
};

}  // namespace gan::core::testing

#endif  // GAN_FORMATS_TESTING_PICKLE_WRITER_H_
