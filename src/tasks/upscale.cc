#include "tasks/upscale.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <tuple>
#include <utility>

#include "base/error.h"
#include "base/system.h"
#include "tasks/recolour.h"

namespace gan::core {
namespace {

constexpr uint64_t kMegabyte = 1'000'000;

// What the process takes beside the buffers that are planned: program, libraries and threads, and
// what decoder and encoder hold, some of it for a number of whole rows.
constexpr uint64_t kProcessBytes = 80 * kMegabyte;
constexpr uint64_t kCodecRows = 256;

uint64_t ReservedBytes(const PictureInfo& in, const PictureGeometry& geometry,
                       const UpscaleOptions& options) {
  const auto width = static_cast<double>(in.width);
  const double made =
      width * static_cast<double>(geometry.scale_num) / static_cast<double>(geometry.scale_den);
  const double written = static_cast<double>(options.write.width.value_or(0));
  const double scaled = width * std::clamp(options.scale.value_or(0), 0.0, 1000.0);
  const double widest = std::min(std::max({width, made, written, scaled}), 1e7);
  // Two bytes a sample: 16 bits, or twice 8.
  return kProcessBytes +
         static_cast<uint64_t>(widest) * static_cast<uint64_t>(in.channels()) * kCodecRows * 2;
}

int64_t Rounded(double size) {
  if (!(size <= 1e9)) Fail(ErrorCode::kUsage, "size", "{} pixels a side are too many", size);
  return std::max<int64_t>(1, std::llround(size));
}

// The size of the file, of the picture read and of what the network makes of it.
std::pair<int64_t, int64_t> WantedSize(const UpscaleOptions& options, const PictureInfo& in,
                                       const PictureInfo& made) {
  const std::optional<int64_t> width = options.write.width, height = options.write.height;
  const auto proportion = static_cast<double>(made.width) / static_cast<double>(made.height);
  if (options.scale) {
    if (width || height) {
      Fail(ErrorCode::kUsage, "size", "wants a scale, or a width and height, not both");
    }
    if (!(*options.scale > 0)) {
      Fail(ErrorCode::kUsage, "size", "wants a scale above 0, got {}", *options.scale);
    }
    return {Rounded(static_cast<double>(in.width) * *options.scale),
            Rounded(static_cast<double>(in.height) * *options.scale)};
  }
  if (width && height) return {*width, *height};
  if (width) return {*width, Rounded(static_cast<double>(*width) / proportion)};
  if (height) return {Rounded(static_cast<double>(*height) * proportion), *height};
  return {made.width, made.height};
}

std::vector<std::string> WarningsFor(const UpscaleResult& result, const PictureInfo& made) {
  if (result.out_width <= made.width && result.out_height <= made.height) return {};
  return {
      fmt::format("{} x {} is more than the {} x {} that the model makes: the rest is by Lanczos",
                  result.out_width, result.out_height, made.width, made.height)};
}

void RequireSize(const PictureGeometry& geometry, const PictureInfo& in,
                 const std::filesystem::path& from) {
  const int64_t width = geometry.fixed_width, height = geometry.fixed_height;
  if (width == 0 || (in.width == width && in.height == height)) return;
  Fail(
      ErrorCode::kBadData, Printable(from.native()),
      "this network takes pictures of {} x {} pixels alone, this one has {} x {}: resize it first, "
      "as by vipsthumbnail IN --size '{}x{}!' -o OUT",
      width, height, in.width, in.height, width, height);
}

void Write(UpscaleStream& stream, bool as_stored, const std::filesystem::path& to,
           const PictureReader* source, const PictureWriteOptions& options) {
  if (as_stored) {
    const auto pixels = [&](int64_t, int64_t count, void* out, int64_t stride) {
      stream.ReadPixels(count, out, stride);
    };
    WritePixels(to, stream.info(), pixels, source, options);
  } else {
    const auto rows = [&](int64_t, int64_t count, const TensorView& out) {
      stream.ReadRows(count, out);
    };
    WritePicture(to, stream.info(), rows, source, options);
  }
}

}  // namespace

UpscaleResult UpscalePicture(Executable& network, const std::filesystem::path& from,
                             const std::filesystem::path& to, const UpscaleOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  PictureReader reader(from, options.read);
  const PictureGeometry geometry = GeometryOf(network.graph());
  RequireSize(geometry, reader.info(), from);
  TileOptions tiles = options.tiles;
  if (geometry.fixed_width > 0) tiles.mode = TileMode::kOff;
  // A network of other channels is refused below, whatever the picture.
  const bool known = geometry.in_channels == 1 || geometry.in_channels == 3;
  const RecolouredRows given = Recoloured(
      reader.info(), [&](int64_t count, const TensorView& out) { reader.ReadRows(count, out); },
      options.network_colours && known ? geometry.in_channels : reader.info().colours);
  const PictureInfo& in = given.info;
  UpscaleResult result{.in_width = in.width, .in_height = in.height};
  PictureWriteOptions write = options.write;
  write.provenance = options.provenance ? Provenance::kEnlarged : Provenance::kNone;
  write.progress = nullptr;
  write.cancel = options.cancel;
  write.pool = options.pool;
  std::optional<PixelFormat> stored;  // nothing where the network's rows are resampled
  const auto pixels = [&](const PictureInfo& made) {
    std::tie(result.out_width, result.out_height) = WantedSize(options, in, made);
    write.width = result.out_width;
    write.height = result.out_height;
    return stored = PixelFormatFor(to, made, write);
  };
  UpscaleStream stream(
      network, in, given.rows,
      {.tiles = tiles,
       .alpha = options.alpha,
       .range = options.range,
       .max_bytes = options.max_memory != 0 ? options.max_memory : AvailableMemory() / 4 * 3,
       .reserved_bytes = ReservedBytes(in, geometry, options),
       .pixels = pixels,
       .progress = options.progress,
       .cancel = options.cancel,
       .pool = options.pool});
  result.tiles = stream.plan().tiles();
  result.tile_width = stream.plan().x.in_size;
  result.tile_height = stream.plan().y.in_size;
  result.planned_memory = stream.planned_bytes();
  result.warnings = WarningsFor(result, stream.info());
  Write(stream, stored.has_value(), to, &reader, write);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace gan::core
