// The figures of a run over time: metrics.jsonl, a JSON object a line.
#ifndef GAN_RUNS_METRICS_LOG_H_
#define GAN_RUNS_METRICS_LOG_H_

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace gan::core {

// Lines are in the order of "images", which each has. Not thread-safe.
class MetricsLog {
 public:
  // Opens it for adding. A run that goes on at `images` had not seen what stands there beyond
  // that: such lines are cut off for good, and so is a last line that was not finished.
  // Error kCannotCreate, kIo.
  explicit MetricsLog(const std::filesystem::path& path, int64_t images = 0);
  ~MetricsLog();
  MetricsLog(const MetricsLog&) = delete;
  MetricsLog& operator=(const MetricsLog&) = delete;

  // Adds {"images": images, ...figures}; numbers that are not finite become null. Error kIo: the
  // line is not there then.
  void Append(int64_t images, const nlohmann::ordered_json& figures);

  // On disk when it returns. Call it before a checkpoint is written, so that a resume finds the
  // lines up to there. Error kIo.
  void Sync();

 private:
  void CutAfter(int64_t images);
  [[noreturn]] void FailWith(int error) const;

  std::string name_;  // printable
  int descriptor_ = -1;
  int64_t size_ = 0;
};

}  // namespace gan::core

#endif  // GAN_RUNS_METRICS_LOG_H_
