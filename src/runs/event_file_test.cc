#include "runs/event_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <vector>

#include "gan/error.h"
#include "runs/crc32c.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

// A reader by the specification, apart from the writer: fields of a protobuf message by number.
struct Field {
  uint64_t number = 0;  // varint, or the bits of a fixed one
  std::string bytes;    // length-delimited
};
using Message = std::multimap<uint32_t, Field>;

uint64_t TakeVarint(std::string_view& in) {
  uint64_t value = 0;
  for (int shift = 0; !in.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(in[0]);
    in.remove_prefix(1);
    value |= uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) break;
  }
  return value;
}

Message Parse(std::string_view in) {
  Message out;
  while (!in.empty()) {
    const uint64_t key = TakeVarint(in);
    Field field;
    const size_t fixed = (key & 7) == 1 ? 8 : 4;
    if ((key & 7) == 0) {
      field.number = TakeVarint(in);
    } else if ((key & 7) == 2) {
      const uint64_t size = TakeVarint(in);
      field.bytes = in.substr(0, size);
      in.remove_prefix(size);
    } else {
      std::memcpy(&field.number, in.data(), fixed);
      in.remove_prefix(fixed);
    }
    out.emplace(static_cast<uint32_t>(key >> 3), field);
  }
  return out;
}

const Field& At(const Message& message, uint32_t field) {
  EXPECT_EQ(message.count(field), 1u) << field;
  return message.find(field)->second;
}

template <class T>
T Take(std::string_view& in) {
  T value{};
  std::memcpy(&value, in.data(), sizeof value);
  in.remove_prefix(sizeof value);
  return value;
}

uint32_t Unmasked(uint32_t crc) {
  const uint32_t rotated = crc - 0xA282EAD8U;
  return rotated << 15 | rotated >> 17;
}

std::vector<Message> ReadEvents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::string_view in = text;
  std::vector<Message> events;
  while (!in.empty()) {
    const std::string_view length_bytes = in.substr(0, 8);
    const auto length = Take<uint64_t>(in);
    EXPECT_EQ(Unmasked(Take<uint32_t>(in)), Crc32c(length_bytes));
    const std::string_view data = in.substr(0, length);
    in.remove_prefix(length);
    EXPECT_EQ(Unmasked(Take<uint32_t>(in)), Crc32c(data));
    events.push_back(Parse(data));
  }
  return events;
}

class EventFileTest : public ::testing::Test {
 protected:
  EventFileTest()
      : folder_(fs::temp_directory_path() / ("gan_events_test." + std::to_string(getpid()))) {
    fs::create_directories(folder_);
  }
  ~EventFileTest() override { fs::remove_all(folder_); }
  fs::path folder_;
};

TEST(Crc32c, IsTheOneOfTheStandard) {
  // RFC 3720, B.4, and the check value of the polynomial.
  EXPECT_EQ(Crc32c("123456789"), 0xE3069283U);
  EXPECT_EQ(Crc32c(std::string(32, '\0')), 0x8A9136AAU);
  EXPECT_EQ(Crc32c(std::string(32, '\xff')), 0x62A8AB43U);
  EXPECT_EQ(Crc32c(""), 0U);
}

TEST_F(EventFileTest, ScalarsReadBack) {
  fs::path path;
  {
    EventFile file(folder_);
    path = file.path();
    const EventFile::Scalar scalars[] = {{"loss/generator", 0.7}, {"fid", NAN}};
    file.AddScalars(12'800'000'000, scalars);
  }
  EXPECT_EQ(path.filename().native().find("events.out.tfevents."), 0u);
  const std::vector<Message> events = ReadEvents(path);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(At(events[0], 3).bytes, "brain.Event:2");
  double wall = 0;
  std::memcpy(&wall, &At(events[1], 1).number, sizeof wall);
  EXPECT_GT(wall, 1.6e9);
  EXPECT_EQ(At(events[1], 2).number, 12'800'000'000u);
  const Message summary = Parse(At(events[1], 5).bytes);
  ASSERT_EQ(summary.count(1), 2u);
  const Message first = Parse(summary.begin()->second.bytes);
  EXPECT_EQ(At(first, 1).bytes, "loss/generator");
  float value = 0;
  std::memcpy(&value, &At(first, 2).number, sizeof value);
  EXPECT_EQ(value, 0.7f);
}

TEST_F(EventFileTest, PicturesReadBack) {
  EventFile file(folder_);
  const std::string png = std::string("\x89PNG\0\n", 6) + std::string(1000, 'x');
  file.AddPicture(64, "samples", 240, 320, 3, std::as_bytes(std::span(png)));
  const std::vector<Message> events = ReadEvents(file.path());
  ASSERT_EQ(events.size(), 2u);
  const Message value = Parse(At(Parse(At(events[1], 5).bytes), 1).bytes);
  EXPECT_EQ(At(value, 1).bytes, "samples");
  const Message picture = Parse(At(value, 4).bytes);
  EXPECT_EQ(At(picture, 1).number, 240u);
  EXPECT_EQ(At(picture, 2).number, 320u);
  EXPECT_EQ(At(picture, 3).number, 3u);
  EXPECT_EQ(At(picture, 4).bytes, png);
}

TEST_F(EventFileTest, ResumingStartsAFileThatReplacesTheRest) {
  EventFile first(folder_), second(folder_, 6400);
  EXPECT_NE(first.path(), second.path());
  const std::vector<Message> events = ReadEvents(second.path());
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(At(events[1], 2).number, 6400u);
  EXPECT_EQ(At(Parse(At(events[1], 7).bytes), 1).number, 1u);
}

TEST_F(EventFileTest, SaysWhyItCannot) {
  try {
    EventFile file(folder_ / "absent");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCannotCreate);
  }
}

}  // namespace
}  // namespace gan::core
