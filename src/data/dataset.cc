#include "data/dataset.h"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/cache_folder.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/thread_pool.h"
#include "data/cache_file.h"
#include "data/collection.h"
#include "data/dataset_form.h"
#include "data/fit.h"
#include "data/mapped_file.h"
#include "data/source_print.h"
#include "data/sum.h"
#include "media/samples.h"

namespace gan::core {

struct Dataset::State {
  std::optional<MappedFile> file;  // or else
  std::vector<std::byte> memory;   // what `pictures` looks into
  CachedPictures pictures;
  std::string cache_file;
};

namespace {

namespace fs = std::filesystem;

using State = Dataset::State;

fs::path CacheFolderOf(const DatasetOptions& options) {
  return options.cache.empty() ? CacheFolder() : fs::path(options.cache);
}

// Everything that decides which pictures come out and how, but for the files' content.
uint64_t KeyOf(const DatasetOptions& options) {
  std::error_code error;
  const fs::path whole = fs::weakly_canonical(options.path, error);
  const bool limited = options.limit > 0 || options.limit_per_class > 0;
  const std::string text = fmt::format(
      "{}\n{}\n{}\n{} {} {}\n{} {} {}", (error ? fs::path(options.path) : whole).native(),
      options.labels, options.split, options.size, options.channels, options.fit, options.limit,
      options.limit_per_class, limited ? options.seed : 0);
  return SumOf(text);
}

fs::path CacheFile(const DatasetOptions& options, uint64_t key) {
  const fs::path folder = CacheFolderOf(options);
  if (folder.empty()) return {};
  fs::path stem = fs::path(options.path).lexically_normal();
  if (!stem.has_filename()) stem = stem.parent_path();
  return folder / fmt::format("{}-{:016x}.gandata", stem.filename().native().substr(0, 100), key);
}

std::shared_ptr<const State> Mapped(const fs::path& path, uint64_t key, uint64_t source) {
  auto state = std::make_shared<State>();
  state->file.emplace(path);
  state->pictures = ParseCache(state->file->bytes(), key, source);
  if (state->pictures.count < 1) Fail(ErrorCode::kBadData, "cache", "holds no picture");
  state->cache_file = path.native();
  return state;
}

// Nothing when there is none that can be used; why is logged.
std::shared_ptr<const State> FindCached(const fs::path& path, uint64_t key, uint64_t source) {
  if (path.empty()) return nullptr;
  try {
    return Mapped(path, key, source);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kNoInput) {
      Log().info("{}: made anew: {}", Printable(path.native(), 500), error.what());
    }
    return nullptr;
  }
}

// Decodes a collection, block by block, so that memory does not grow with it.
class Decoder {
 public:
  Decoder(const Collection& collection, const Survey& survey, const DatasetOptions& options,
          ThreadPool& pool, const ProgressFn& progress, const CancelFlag* cancel)
      : collection_(collection),
        survey_(survey),
        fit_(FitFromName(options.fit)),
        pool_(pool),
        progress_(progress),
        cancel_(cancel),
        notes_(collection.notes()),
        form_(FormOf(survey, options, notes_)),
        chosen_(ChoosePictures(collection, survey, options)) {}

  void Write(uint64_t key, uint64_t source, const CacheWriter::Sink& sink) const {
    CacheWriter writer(form_, key, source, sink);
    std::vector<Unreadable> unreadable = survey_.unreadable;
    std::vector<int64_t> of_class(collection_.classes().size());
    constexpr size_t kBlockBytes = size_t{64} << 20;
    const auto total = static_cast<int64_t>(chosen_.size());
    const auto block =
        static_cast<int64_t>(std::clamp<size_t>(kBlockBytes / form_.picture_bytes(), 1, 65'536));
    int64_t written = 0;
    for (int64_t first = 0; first < total; first += block) {
      written += WriteBlock(first, std::min(block, total - first), writer, unreadable, of_class);
    }
    CheckLeft(written, unreadable, of_class);
    writer.Finish(collection_.classes(), unreadable, notes_);
  }

 private:
  int64_t WriteBlock(int64_t first, int64_t count, CacheWriter& writer,
                     std::vector<Unreadable>& unreadable, std::vector<int64_t>& of_class) const {
    const size_t bytes = form_.picture_bytes();
    std::vector<std::byte> block(static_cast<size_t>(count) * bytes);
    const auto total = static_cast<double>(chosen_.size());
    constexpr double kSurveyed = 0.2;
    const double share = 1 - kSurveyed;
    const auto reasons = ReadEach(
        count, pool_, cancel_,
        [&](int64_t i) {
          Decode(chosen_[static_cast<size_t>(first + i)],
                 std::span(block).subspan(static_cast<size_t>(i) * bytes, bytes));
        },
        progress_, kSurveyed + share * static_cast<double>(first) / total,
        share * static_cast<double>(count) / total);
    int64_t written = 0;
    for (int64_t i = 0; i < count; ++i) {
      const int64_t picture = chosen_[static_cast<size_t>(first + i)];
      const std::string name = Printable(collection_.Name(picture), 500);
      const std::string& reason = reasons[static_cast<size_t>(i)];
      if (!reason.empty()) {
        unreadable.push_back({name, reason});
        continue;
      }
      const int label = collection_.Label(picture);
      writer.Add(std::span(block).subspan(static_cast<size_t>(i) * bytes, bytes), label, name);
      if (label >= 0) ++of_class[static_cast<size_t>(label)];
      ++written;
    }
    return written;
  }

  void Decode(int64_t picture, std::span<std::byte> out) const {
    const Tensor fitted = WithChannels(
        FittedPicture(collection_.Open(picture), fit_, form_.height, form_.width), form_.channels);
    PackRow(fitted.floats().data(), 0, fitted.shape().elements(), 1, form_.bits, out.data());
  }

  void CheckLeft(int64_t written, const std::vector<Unreadable>& unreadable,
                 const std::vector<int64_t>& of_class) const {
    const std::string& reason = unreadable.empty() ? "" : unreadable.back().reason;
    if (written == 0) {
      Fail(ErrorCode::kBadData, "data", "none of {} pictures can be read; the last: {}",
           chosen_.size(), reason);
    }
    for (size_t c = 0; c < of_class.size(); ++c) {
      if (of_class[c] > 0) continue;
      Fail(ErrorCode::kBadData, "data", "class \"{}\" has no picture that can be read; {}",
           Printable(collection_.classes()[c]),
           reason.empty() ? "the limit leaves none" : std::string_view(reason));
    }
  }

  const Collection& collection_;
  const Survey& survey_;
  Fit fit_;
  ThreadPool& pool_;
  const ProgressFn& progress_;
  const CancelFlag* cancel_;
  std::vector<std::string> notes_;
  CacheForm form_;
  std::vector<int64_t> chosen_;
};

// "" when it worked, else why not.
std::string WriteCacheFile(const fs::path& path, const Decoder& decoder, uint64_t key,
                           uint64_t source) {
  if (path.empty()) return "there is no home folder";
  try {
    std::error_code error;
    fs::create_directories(path.parent_path(), error);  // a failure shows when the file is made
    AtomicFile file(path);
    decoder.Write(key, source, [&](std::span<const std::byte> bytes) { file.Write(bytes); });
    file.Commit();
    return "";
  } catch (const Error& error) {
    // What is wrong with the data is said with other codes.
    if (error.code() != ErrorCode::kCannotCreate && error.code() != ErrorCode::kIo) throw;
    return error.what();
  }
}

std::shared_ptr<const State> InMemory(const Decoder& decoder, uint64_t key, uint64_t source,
                                      const std::string& why) {
  auto state = std::make_shared<State>();
  decoder.Write(key, source, [&](std::span<const std::byte> bytes) {
    state->memory.insert(state->memory.end(), bytes.begin(), bytes.end());
  });
  state->pictures = ParseCache(state->memory, key, source);
  state->pictures.notes.push_back("the decoded pictures are kept in memory alone: " + why);
  return state;
}

template <class T>
void ToFloats(std::span<const std::byte> raw, std::span<float> out) {
  constexpr float kScale = 2.0f / static_cast<float>(std::numeric_limits<T>::max());
  const T* samples = reinterpret_cast<const T*>(raw.data());
  for (size_t i = 0; i < out.size(); ++i) out[i] = static_cast<float>(samples[i]) * kScale - 1.0f;
}

}  // namespace

Dataset Dataset::Open(const DatasetOptions& options, const ProgressFn& progress,
                      const CancelFlag* cancel) {
  CheckDatasetOptions(options);
  const uint64_t source = SourcePrint(options.path);
  const uint64_t key = KeyOf(options);
  const fs::path cache = CacheFile(options, key);
  if (auto cached = FindCached(cache, key, source)) return Dataset(std::move(cached));
  const auto collection = OpenCollection(options.path, {options.labels, options.split});
  ThreadPool pool(options.threads);
  const Survey survey = SurveyPictures(*collection, pool, progress, cancel);
  const Decoder decoder(*collection, survey, options, pool, progress, cancel);
  std::string why = WriteCacheFile(cache, decoder, key, source);
  if (why.empty()) {
    if (auto written = FindCached(cache, key, source)) return Dataset(std::move(written));
    why = "the file in the cache cannot be read back";
  }
  return Dataset(InMemory(decoder, key, source, why));
}

int64_t Dataset::count() const { return state_->pictures.count; }
int Dataset::channels() const { return static_cast<int>(state_->pictures.form.channels); }
int64_t Dataset::height() const { return state_->pictures.form.height; }
int64_t Dataset::width() const { return state_->pictures.form.width; }
int Dataset::bits() const { return state_->pictures.form.bits; }
const std::vector<std::string>& Dataset::classes() const { return state_->pictures.classes; }
uint64_t Dataset::fingerprint() const { return state_->pictures.fingerprint; }
const std::vector<Unreadable>& Dataset::unreadable() const { return state_->pictures.unreadable; }
const std::vector<std::string>& Dataset::notes() const { return state_->pictures.notes; }
const std::string& Dataset::cache_file() const { return state_->cache_file; }

int Dataset::Label(int64_t i) const {
  GAN_ASSERT(i >= 0 && i < count());
  return state_->pictures.labels[static_cast<size_t>(i)];
}

std::string Dataset::Name(int64_t i) const {
  GAN_ASSERT(i >= 0 && i < count());
  return std::string(state_->pictures.names[static_cast<size_t>(i)]);
}

std::span<const std::byte> Dataset::Raw(int64_t i) const {
  GAN_ASSERT(i >= 0 && i < count());
  const size_t bytes = state_->pictures.form.picture_bytes();
  return state_->pictures.pixels.subspan(static_cast<size_t>(i) * bytes, bytes);
}

void Dataset::Read(int64_t i, std::span<float> out) const {
  GAN_ASSERT(out.size() == static_cast<size_t>(elements()));
  if (bits() == 8) {
    ToFloats<uint8_t>(Raw(i), out);
  } else {
    ToFloats<uint16_t>(Raw(i), out);
  }
}

}  // namespace gan::core
