// Runs a network on one tile of a picture, whatever the channels of both.
#ifndef GAN_TASKS_TILE_RUNNER_H_
#define GAN_TASKS_TILE_RUNNER_H_

#include <cstdint>
#include <vector>

#include "base/thread_pool.h"
#include "models/geometry.h"
#include "runtime/backend.h"
#include "tasks/tile_window.h"
#include "tensor/tensor.h"

namespace gan::core {

enum class AlphaMethod : uint8_t {
  kModel,    // by the network, as a grey picture
  kLanczos,  // by Lanczos-3
};

// The samples of a network, which are in [0, 1] in pictures.
struct SampleRange {
  float low = 0;
  float high = 1;
};

// Not thread-safe.
class TileRunner {
 public:
  // colours: 1 or 3. What `network` takes and makes is in `range`. `network` must outlive this.
  // A network with other channels out than in is for pictures with the colours that it takes; it
  // leaves alpha to Lanczos. `pool` copies and checks; one thread alone where null.
  // Error kBadData: a network of other than 1 or 3 channels, or that does not fit the colours.
  // kUsage: Lanczos for a scale that is not whole.
  TileRunner(Executable& network, int colours, bool has_alpha, AlphaMethod alpha,
             SampleRange range = {}, ThreadPool* pool = nullptr);

  const PictureGeometry& geometry() const { return geometry_; }
  TileRules rules() const;
  int64_t channels() const { return colours_ + (has_alpha_ ? 1 : 0); }
  int64_t made_colours() const { return made_colours_; }
  int64_t made_channels() const { return made_colours_ + (has_alpha_ ? 1 : 0); }
  // Picture pixels around a tile that its block should have.
  int64_t reach() const;

  // Bytes for tiles of a plan, the network's weights and workings included; `block` as below.
  uint64_t Bytes(const TilePlan& plan, int64_t block_height, int64_t block_width) const;

  //   block  [channels, rows.block, columns.block]  f32; its colours may change
  //   out    [made_channels, rows.out_size, columns.out_size]
  //
  // Error kInternal: NaN or infinity came out.
  void Run(const TileWindow& rows, const TileWindow& columns, const TensorView& block,
           const TensorView& out);

 private:
  // The planes of the block that one run of the network reads, and of the output that it makes. The
  // same plane in all channels: the mean of what comes out is that plane.
  using Planes = std::vector<int64_t>;

  std::vector<Planes> RunsFor(int64_t first_plane, int64_t count) const;
  void RunPlanes(const Planes& planes, const TileWindow& rows, const TileWindow& columns,
                 const TensorView& block, const TensorView& out);
  void RunAlpha(const TileWindow& rows, const TileWindow& columns, const TensorView& block,
                const TensorView& out);

  Executable& network_;
  PictureGeometry geometry_;
  int64_t colours_;
  int64_t made_colours_;
  bool has_alpha_;
  AlphaMethod alpha_;
  SampleRange range_;
  ThreadPool* pool_;
  Tensor input_;   // [1, C, h, w] of the network, kept from tile to tile
  Tensor output_;  // [1, C, h', w'], where that is not the result itself
};

}  // namespace gan::core

#endif  // GAN_TASKS_TILE_RUNNER_H_
