// Rows of a picture in, rows of the enlarged picture out, a row of tiles at a time.
//
//            input                                     output
//   |                         |
//   |~~~~~~~~~~~~~~~~~~~~~~~~~|  RowWindow: only   |=========================|  handed out
//   |  +-------+-------+----+ |  what this and     |=========================|
//   |  | tile  | tile  |    | |  later rows of     |. . . . . . . . . . . . .|  Strip: finished
//   rows |  |       |       |    | |  tiles read        |. . . . . . . . . . . . .|  not handed out
//   yet |  +-------+-------+----+ |                    |/ / / / / / / / / / / / /|  ... and the
//   fade,
//   |~~~~~~~~~~~~~~~~~~~~~~~~~|                        which waits for the next row of tiles
//   |  not read yet           |
#ifndef GAN_TASKS_UPSCALE_STREAM_H_
#define GAN_TASKS_UPSCALE_STREAM_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "base/progress.h"
#include "base/thread_pool.h"
#include "media/picture.h"
#include "media/samples.h"
#include "runtime/backend.h"
#include "runtime/tiles.h"
#include "tasks/row_window.h"
#include "tasks/tile_runner.h"

namespace gan::core {

struct UpscaleStreamOptions {
  TileOptions tiles;
  AlphaMethod alpha = AlphaMethod::kModel;
  SampleRange range;  // of what the network takes and makes
  // What the plan keeps to: buffers, packed weights, the network's own memory, and `reserved_bytes`
  // for what the caller knows of (decoder, encoder, the program).
  uint64_t max_bytes = UINT64_MAX;
  uint64_t reserved_bytes = 0;
  // The pixels to give out, asked once with what info() says; floats where it is null or gives
  // nothing.
  std::function<std::optional<PixelFormat>(const PictureInfo& made)> pixels;
  ProgressFn progress;  // after each tile
  const CancelFlag* cancel = nullptr;
  ThreadPool* pool = nullptr;  // copies and checks; one thread alone where null
};

// Alpha never makes halos: transparent pixels take on the colours of their neighbours before the
// network sees them. Where alpha is 1 (or 0) all around, it stays exactly so.
//
// Thread safety: one call at a time, from any thread.
class UpscaleStream {
 public:
  // in: width, height, colours, has_alpha, bits count. `network` must outlive this.
  // Error kBadData, kUsage: as TileRunner. Error kUsage: as PlanTiles.
  UpscaleStream(Executable& network, const PictureInfo& in, RowSource source,
                const UpscaleStreamOptions& options);
  ~UpscaleStream();

  // What comes out: the input's colours, or those that the network makes of as many as it takes;
  // the input's alpha and bits, the network's scale.
  const PictureInfo& info() const;
  const TilePlan& plan() const;
  uint64_t planned_bytes() const;  // of max_bytes

  // The next `count` rows of the output.
  //
  //   out  [channels, count, width]  f32; values may lie a little outside [0, 1]
  //
  // Error kInternal: the network made NaN or infinity; the text names the tile. kInterrupted: the
  // flag is set, looked at before each tile. Whatever the source throws comes out as it is.
  void ReadRows(int64_t count, const TensorView& out);
  // The same where options.pixels gave a format: rows of such pixels, `stride` bytes from one to
  // the next.
  void ReadPixels(int64_t count, void* pixels, int64_t stride);

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace gan::core

#endif  // GAN_TASKS_UPSCALE_STREAM_H_
