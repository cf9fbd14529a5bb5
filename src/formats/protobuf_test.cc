#include "formats/protobuf.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "formats/protobuf_writer.h"

namespace gan::core {
namespace {

std::vector<ProtoField> Fields(std::string_view bytes) {
  ProtoReader reader("test", std::as_bytes(std::span(bytes)));
  std::vector<ProtoField> out;
  for (ProtoField field; reader.Next(field);) out.push_back(field);
  return out;
}

TEST(Protobuf, ReadsWhatItWrites) {
  ProtoWriter inner;
  inner.Int(1, -3);
  ProtoWriter writer;
  writer.Int(1, 300).Float(2, 0.5f).Bytes(536870911, "text").Message(4, inner);
  const std::vector<ProtoField> fields = Fields(writer.bytes());
  ASSERT_EQ(fields.size(), 4u);
  EXPECT_EQ(fields[0].Int("t"), 300);
  EXPECT_EQ(fields[1].Float("t"), 0.5f);
  EXPECT_EQ(fields[2].number, 536870911u);
  EXPECT_EQ(fields[2].Text("t"), "text");
  ProtoReader nested("t", fields[3].Message("t"));
  ProtoField field;
  ASSERT_TRUE(nested.Next(field));
  EXPECT_EQ(field.Int("t"), -3);
}

TEST(Protobuf, ReadsPackedNumbers) {
  ProtoWriter writer;
  writer.Bytes(1, std::string_view("\x03\x8e\x02\x01", 4)).Int(1, 7);
  std::vector<int64_t> numbers;
  for (const ProtoField& field : Fields(writer.bytes())) field.AppendInts("t", numbers);
  EXPECT_EQ(numbers, (std::vector<int64_t>{3, 270, 1, 7}));
}

TEST(Protobuf, ReadsAnEmptyListOfFloats) {
  using namespace std::string_view_literals;
  std::vector<float> floats;
  Fields("\x0a\x00"sv)[0].AppendFloats("t", floats);
  EXPECT_TRUE(floats.empty());
}

TEST(Protobuf, RefusesBrokenBytes) {
  using namespace std::string_view_literals;
  for (const std::string_view bytes : {"\x08"sv, "\x08\x80"sv,
                                       "\x0a\x05"
                                       "abc"sv,
                                       "\x00\x01"sv, "\x0b"sv, "\x0d\x01\x02"sv,
                                       "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"sv}) {
    EXPECT_THROW(Fields(bytes), Error) << bytes.size();
  }
  std::vector<int64_t> numbers;
  EXPECT_THROW(Fields("\x0a\x01\x80"sv)[0].AppendInts("t", numbers), Error);
  std::vector<float> floats;
  EXPECT_THROW(Fields("\x0a\x01\x80"sv)[0].AppendFloats("t", floats), Error);
  EXPECT_THROW(Fields("\x08\x01"sv)[0].Text("t"), Error);
}

}  // namespace
}  // namespace gan::core
