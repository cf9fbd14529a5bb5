#include "kernels/target.h"

#include <fmt/ranges.h>

#include <atomic>
#include <cctype>
#include <cstdint>

#include "base/error.h"
#include "hwy/highway.h"

namespace gan::core::kernels {
namespace {

constexpr std::string_view kReference = "reference";

// A bit of HWY_TARGETS, or one of these.
constexpr int64_t kFastest = 0;
constexpr int64_t kPlainLoops = -1;
std::atomic<int64_t> chosen{kFastest};

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

std::vector<int64_t> HighwayTargets() { return hwy::SupportedAndGeneratedTargets(); }

void Choose(int64_t target) {
  if (target != kPlainLoops) {
    // The table that HWY_DYNAMIC_DISPATCH reads; all supported targets means the best of them.
    hwy::GetChosenTarget().Update(target == kFastest ? hwy::SupportedTargets() : target);
  }
  chosen.store(target, std::memory_order_relaxed);
}

}  // namespace

std::vector<std::string> AvailableTargets() {
  std::vector<std::string> names;
  for (const int64_t target : HighwayTargets()) names.push_back(Lower(hwy::TargetName(target)));
  names.emplace_back(kReference);
  return names;
}

std::string CurrentTarget() {
  const int64_t target = chosen.load(std::memory_order_relaxed);
  if (target == kPlainLoops) return std::string(kReference);
  return Lower(hwy::TargetName(target == kFastest ? HighwayTargets().front() : target));
}

void SetTarget(std::string_view name) {
  const std::string wanted = Lower(name);
  if (wanted == "auto") return Choose(kFastest);
  if (wanted == kReference) return Choose(kPlainLoops);
  for (const int64_t target : HighwayTargets()) {
    if (wanted == Lower(hwy::TargetName(target))) return Choose(target);
  }
  Fail(ErrorCode::kUsage, "cpu-target", "wants auto or one of {}, got \"{}\"",
       fmt::join(AvailableTargets(), ", "), Printable(name));
}

bool ReferenceChosen() { return chosen.load(std::memory_order_relaxed) == kPlainLoops; }

}  // namespace gan::core::kernels
