// Figures and pictures for TensorBoard: events.out.tfevents.*, a TFRecord file of Event messages.
//
//   record: u64 length | u32 masked CRC of the length | bytes | u32 masked CRC of the bytes
//   Event:  1 wall_time (double)  2 step (int64)  3 file_version  5 summary  7 session_log
//   Summary: 1 value { 1 tag  2 simple_value (float)  4 image { 1 height  2 width  3 channels  4
//   png } }
#ifndef GAN_RUNS_EVENT_FILE_H_
#define GAN_RUNS_EVENT_FILE_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace gan::core {

// Steps are images seen. Each call is one record, written at once, so that a killed run leaves
// whole records but for the last. Not thread-safe.
class EventFile {
 public:
  // Starts a file of its own in `folder`: TensorBoard puts those of a folder together, and drops
  // what older ones have from `images` on, where a resumed run begins. Error kCannotCreate, kIo.
  explicit EventFile(const std::filesystem::path& folder, int64_t images = 0);
  ~EventFile();
  EventFile(const EventFile&) = delete;
  EventFile& operator=(const EventFile&) = delete;

  const std::filesystem::path& path() const { return path_; }

  struct Scalar {
    std::string_view tag;  // "loss/generator"; up to the slash names the group
    double value = 0;
  };
  // Error kIo.
  void AddScalars(int64_t images, std::span<const Scalar> scalars);
  void AddPicture(int64_t images, std::string_view tag, int64_t height, int64_t width, int channels,
                  std::span<const std::byte> png);

 private:
  void AddSummary(int64_t images, std::string_view summary);
  void AddRecord(std::string_view event);

  std::filesystem::path path_;
  int descriptor_ = -1;
};

}  // namespace gan::core

#endif  // GAN_RUNS_EVENT_FILE_H_
