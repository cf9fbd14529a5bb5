#include "formats/protobuf_writer.h"

#include <gtest/gtest.h>

#include <limits>

namespace gan::core {
namespace {

using namespace std::string_view_literals;

// The bytes that Google's encoding guide gives for these messages.
TEST(ProtobufWriter, WritesWhatTheEncodingGuideShows) {
  EXPECT_EQ(ProtoWriter().Int(1, 150).bytes(), "\x08\x96\x01"sv);
  EXPECT_EQ(ProtoWriter().Bytes(2, "testing").bytes(), "\x12\x07testing"sv);
  EXPECT_EQ(ProtoWriter().Message(3, ProtoWriter().Int(1, 150)).bytes(), "\x1a\x03\x08\x96\x01"sv);
  EXPECT_EQ(ProtoWriter().Float(1, 1).bytes(), "\x0d\x00\x00\x80\x3f"sv);
  EXPECT_EQ(ProtoWriter().Int(1, -2).bytes(), "\x08\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01"sv);
}

TEST(ProtobufWriter, AHeadAndItsBytesAreAField) {
  EXPECT_EQ(ProtoWriter().Head(9, 3).bytes() + "abc", ProtoWriter().Bytes(9, "abc").bytes());
  EXPECT_EQ(ProtoWriter().Head(9, uint64_t{1} << 31).bytes(), "\x4a\x80\x80\x80\x80\x08"sv);
}

TEST(ProtobufWriter, ExtremesComeBack) {
  for (const int64_t value :
       {int64_t{0}, std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min()}) {
    ProtoWriter writer;
    writer.Int(536870911, value);
    ProtoReader reader("test", std::as_bytes(std::span(writer.bytes())));
    ProtoField field;
    ASSERT_TRUE(reader.Next(field));
    EXPECT_EQ(field.number, 536870911u);
    EXPECT_EQ(field.Int("test"), value);
  }
}

}  // namespace
}  // namespace gan::core
