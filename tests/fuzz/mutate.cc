// gan_mutate FORMAT SEED COUNT [FIRST]: reads COUNT broken files; each must be read or be refused
// with Error(kBadData), within a second of CPU time and 64 MiB + 2 * file. The same arguments give
// the same files; FIRST starts at a later one. A file that fails is written beside.
//
// gan_mutate FORMAT seeds FOLDER: writes the valid files, to start a fuzzer from.
#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>

#include "fuzzed_formats.h"
#include "gan/error.h"
#include "memory_meter.h"
#include "mutator.h"

namespace gan::core::fuzz {
namespace {

constexpr double kMaxSeconds = 1.0;
constexpr size_t kMaxMemory = size_t{64} << 20;

char crash_note[200];  // what a signal handler may print

extern "C" void ReportCrash(int signal) {
  // The exit status says the same to whoever does not read this.
  if (write(STDERR_FILENO, crash_note, std::strlen(crash_note)) < 0) std::_Exit(signal);
  std::_Exit(128 + signal);
}

double CpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// What is wrong with how the file was taken; empty when nothing is. Counts the files read.
std::string Try(const FuzzedFormat& format, const std::string& bytes, uint64_t& read) {
  const size_t before = AllocatedBytes();
  ResetPeakAllocation();
  const double start = CpuSeconds();
  try {
    format.read(std::as_bytes(std::span(bytes)));
    ++read;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kBadData) {
      return fmt::format("code {}: {}", static_cast<int>(error.code()), error.what());
    }
    if (std::strchr(error.what(), '\n') != nullptr) return "a message of several lines";
  } catch (const std::exception& error) {
    return fmt::format("another exception: {}", error.what());
  }
  const double seconds = CpuSeconds() - start;
  const size_t memory = PeakAllocatedBytes() - before;
  if (seconds > kMaxSeconds) return fmt::format("{:.2f} s", seconds);
  if (memory > kMaxMemory + 2 * bytes.size()) return fmt::format("{} bytes of memory", memory);
  return "";
}

int RunMutants(const FuzzedFormat& format, uint64_t seed, uint64_t count, uint64_t first) {
  const std::vector<std::string> seeds = format.seeds();
  uint64_t read = 0, failures = 0;
  for (uint64_t i = first; i < first + count; ++i) {
    Random random(seed * 0x9E3779B97F4A7C15u + i);
    const std::string bytes = Mutate(seeds[i % seeds.size()], random);
    fmt::format_to_n(crash_note, sizeof crash_note - 1, "crashed: gan_mutate {} {} 1 {}\n",
                     format.name, seed, i);
    const std::string wrong = Try(format, bytes, read);
    if (wrong.empty()) continue;
    ++failures;
    const std::string path = fmt::format("mutant-{}-{}-{}.bin", format.name, seed, i);
    std::ofstream(path, std::ios::binary) << bytes;
    fmt::print(stderr, "{} mutant {} of seed {}: {}; see {}\n", format.name, i, seed, wrong, path);
  }
  fmt::print("{}: {} mutants, {} read, {} refused, {} failures\n", format.name, count, read,
             count - read - failures, failures);
  return failures == 0 ? 0 : 1;
}

int WriteSeeds(const FuzzedFormat& format, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  size_t count = 0;
  for (const std::string& seed : format.seeds()) {
    std::ofstream(folder / fmt::format("{}-{}", format.name, count++), std::ios::binary) << seed;
  }
  return 0;
}

int Main(int argc, char** argv) {
  const FuzzedFormat* format = argc >= 4 ? FindFuzzedFormat(argv[1]) : nullptr;
  if (format == nullptr) {
    fmt::print(stderr, "usage: gan_mutate FORMAT SEED COUNT [FIRST] | FORMAT seeds FOLDER\n");
    for (const FuzzedFormat& known : FuzzedFormats()) fmt::print(stderr, "  {}\n", known.name);
    return 64;
  }
  if (std::string_view(argv[2]) == "seeds") return WriteSeeds(*format, argv[3]);
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) {
    // Sanitizers report better than we do.
    if (MemoryMeterWorks()) std::signal(signal, ReportCrash);
  }
  const uint64_t first = argc > 4 ? std::strtoull(argv[4], nullptr, 10) : 0;
  return RunMutants(*format, std::strtoull(argv[2], nullptr, 10),
                    std::strtoull(argv[3], nullptr, 10), first);
}

}  // namespace
}  // namespace gan::core::fuzz

int main(int argc, char** argv) { return gan::core::fuzz::Main(argc, argv); }
