// Enlarging picture files with a generator, in memory that does not grow with the picture.
#ifndef GAN_TASKS_UPSCALE_H_
#define GAN_TASKS_UPSCALE_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/thread_pool.h"
#include "media/picture.h"
#include "runtime/backend.h"
#include "tasks/upscale_stream.h"

namespace gan::core {

struct UpscaleOptions {
  TileOptions tiles;
  AlphaMethod alpha = AlphaMethod::kModel;
  SampleRange range;  // of what the network takes and makes
  // The picture gets the colours that the network takes, and the result has those that it makes: a
  // grey photograph may become a coloured painting. Else the result has the picture's colours.
  bool network_colours = false;
  // Bytes that the whole process may take, the encoder's included; 0: three quarters of what the
  // machine has free.
  uint64_t max_memory = 0;
  // Output pixels per input pixel, above 0. The model enlarges by its own scale; what is wanted
  // beyond or short of that is done by Lanczos. Not together with write.width or write.height.
  std::optional<double> scale;
  PictureReadOptions read;
  // write.width and write.height are the size wanted; one of the two keeps the proportions.
  // write.provenance, write.progress and write.cancel are not read: those below count.
  PictureWriteOptions write;
  bool provenance = true;  // the file says that a network made it, in XMP
  ProgressFn progress;     // after each tile
  const CancelFlag* cancel = nullptr;
  // Copies and converts samples; one thread alone where null. Must outlive the call. The network's
  // own: the two take turns.
  ThreadPool* pool = nullptr;
};

struct UpscaleResult {
  int64_t in_width = 0, in_height = 0;
  int64_t out_width = 0, out_height = 0;    // of the file written
  int64_t tiles = 0;                        // 1: the whole picture at once
  int64_t tile_width = 0, tile_height = 0;  // input pixels that each tile reads, padding included
  uint64_t planned_memory = 0;        // bytes of the whole process, as estimated before the work
  double seconds = 0;                 // from opening the input to the output in place
  std::vector<std::string> warnings;  // one line each: the size wanted is beyond the model's, ...
};

// Enlarges the picture in file `from` into the file `to`, which appears whole or not at all; the
// two may be one. `network` makes pictures of pictures with 1 or 3 channels (unless
// network_colours, grey runs through 3 equal ones, RGB through 1 channel by channel); alpha, ICC,
// EXIF, XMP and 16 bits are kept.
//
// Error kUsage: sizes or options that make no sense, a memory budget that no tile fits (the text
// names the smallest). kBadData: a broken picture, or a network of other channels. kInternal: the
// network made NaN or infinity; no file is written. kInterrupted: cancelled. Others as
// PictureReader and WritePicture.
//
// Thread safety: one call at a time for one `network`.
UpscaleResult UpscalePicture(Executable& network, const std::filesystem::path& from,
                             const std::filesystem::path& to, const UpscaleOptions& options);

}  // namespace gan::core

#endif  // GAN_TASKS_UPSCALE_H_
