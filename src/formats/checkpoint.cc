#include "formats/checkpoint.h"

#include <bit>
#include <cstring>

#include "base/error.h"
#include "formats/detect.h"
#include "formats/safetensors.h"
#include "formats/torch_legacy.h"
#include "formats/torch_zip.h"

namespace gan::core {
namespace {

template <class Bits>
size_t CountWithExponent(const Tensor& tensor, Bits exponent) {
  const auto* values = reinterpret_cast<const Bits*>(tensor.raw().data());
  const size_t size = tensor.bytes() / sizeof(Bits);
  size_t count = 0;
  for (size_t i = 0; i < size; ++i) count += (values[i] & exponent) == exponent ? 1 : 0;
  return count;
}

// NaN and infinity are what has all exponent bits set.
size_t CountNonFinite(const Tensor& tensor) {
  switch (tensor.dtype()) {
    case DType::kF32: return CountWithExponent<uint32_t>(tensor, 0x7F800000u);
    case DType::kF16: return CountWithExponent<uint16_t>(tensor, 0x7C00u);
    case DType::kBF16: return CountWithExponent<uint16_t>(tensor, 0x7F80u);
    case DType::kF64: return CountWithExponent<uint64_t>(tensor, 0x7FF0000000000000u);
    case DType::kU8:
    case DType::kI8:
    case DType::kI16:
    case DType::kI32:
    case DType::kI64:
    case DType::kBool: return 0;
  }
  GAN_ASSERT(false);
  return 0;
}

std::vector<size_t> CountNonFinite(const NamedTensors& tensors, ThreadPool* pool) {
  std::vector<const Tensor*> all;
  for (const auto& entry : tensors) all.push_back(&entry.second);
  std::vector<size_t> counts(all.size());
  ShareOut(pool, static_cast<int64_t>(all.size()), [&](int64_t begin, int64_t end) {
    for (auto i = static_cast<size_t>(begin); i < static_cast<size_t>(end); ++i) {
      counts[i] = CountNonFinite(*all[i]);
    }
  });
  return counts;
}

Checkpoint ReadAny(const ByteSource& source, const ReadOptions& options) {
  const FileFormat format = DetectFormat(source);
  if (format == FileFormat::kZip) return ReadTorchZip(source, options);
  if (format == FileFormat::kTorchLegacy) return ReadTorchLegacy(source, options);
  if (format == FileFormat::kSafetensors) return ReadSafetensors(source, options);
  if (format == FileFormat::kPickle) return ReadPickleFile(source, options);
  Fail(ErrorCode::kBadData, source.name(),
       "is {}; wants a PyTorch checkpoint (.pth, .pt) or a safetensors file", Describe(format));
}

}  // namespace

Checkpoint ReadCheckpoint(const std::filesystem::path& path, const ReadOptions& options) {
  return ReadCheckpoint(FileSource(path, options.limits.file_bytes), options);
}

Checkpoint ReadCheckpoint(const ByteSource& source, const ReadOptions& options) {
  Checkpoint out = ReadAny(source, options);
  const std::vector<size_t> non_finite = CountNonFinite(out.tensors, options.pool);
  size_t next = 0;
  for (const auto& [name, tensor] : out.tensors) {
    const size_t count = non_finite[next++];
    if (count != 0 && !options.allow_non_finite) {
      Fail(ErrorCode::kBadData, source.name(),
           "\"{}\" has {} of {} elements that are NaN or infinite: a training run that diverged?",
           Printable(name), count, tensor.shape().elements());
    }
    out.non_finite += count;
  }
  if (out.tensors.empty()) {
    Fail(ErrorCode::kBadData, source.name(), "is a {} file without a tensor{}", out.format,
         out.opaque.empty() ? "" : fmt::format("; it holds Python objects: {}", out.opaque[0]));
  }
  return out;
}

}  // namespace gan::core
