#include "kernels/correlate_tiles.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <utility>

#include "base/error.h"

namespace gan::core::kernels {
namespace {

// A tile's copy should stay in a core's L2 beside the filters: half of the 512 KiB of Zen 2 to 4.
constexpr int64_t kCopyFloats = 64 * 1024;

// A flat run is computed in steps of three vectors, so it may load this much past its end: three
// vectors of the widest there are (SVE's 2048 bits).
constexpr int64_t kOvershoot = 3 * 64;

// Channels that lie a multiple of 4 KiB apart would share a few L1 sets; an odd number of cache
// lines spreads them over all.
int64_t OddLines(int64_t floats) {
  const int64_t lines = (floats + 15) / 16;
  return (lines | 1) * 16;
}

int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

struct Shift {
  Phase phase;
  int64_t y = 0, x = 0;  // in rows and columns of the phase's plane
};

// Splits each tap into the phase that holds it and a shift from the first tap.
std::vector<Shift> ShiftsOf(const CorrelateGeometry& g) {
  Tap first = g.taps.empty() ? Tap{} : g.taps.front();
  for (const Tap& tap : g.taps) {
    first.dy = std::min(first.dy, tap.dy);
    first.dx = std::min(first.dx, tap.dx);
  }
  std::vector<Shift> shifts;
  for (const Tap& tap : g.taps) {
    const int64_t down = tap.dy - first.dy, right = tap.dx - first.dx;
    shifts.push_back({{first.dy + down % g.stride_h, first.dx + right % g.stride_w},
                      down / g.stride_h,
                      right / g.stride_w});
  }
  return shifts;
}

// One row of a phase: x's row with the columns first, first + stride, ..., and 0 outside it.
void CopyRow(const float* row, int64_t width, int64_t first, int64_t stride, int64_t count,
             float* to) {
  // Columns [begin, end) of the copy lie inside the picture.
  const int64_t begin = std::clamp<int64_t>(-FloorDivide(first, stride), 0, count);
  const int64_t end = std::clamp<int64_t>(FloorDivide(width - 1 - first, stride) + 1, begin, count);
  std::fill(to, to + begin, 0.0f);
  if (stride == 1) {
    if (end > begin) {
      std::memcpy(to + begin, row + first + begin,
                  static_cast<size_t>(end - begin) * sizeof(float));
    }
  } else {
    for (int64_t i = begin; i < end; ++i) to[i] = row[first + i * stride];
  }
  std::fill(to + end, to + count, 0.0f);
}

}  // namespace

TilePlan PlanTiles(const CorrelateGeometry& g) {
  TilePlan plan;
  const std::vector<Shift> shifts = ShiftsOf(g);
  std::map<std::pair<int64_t, int64_t>, int64_t> index_of;  // of a phase
  int64_t shift_y = 0, shift_x = 0;
  for (const Shift& shift : shifts) {
    const auto count = static_cast<int64_t>(plan.phases.size());
    if (index_of.emplace(std::pair(shift.phase.dy, shift.phase.dx), count).second) {
      plan.phases.push_back(shift.phase);
    }
    shift_y = std::max(shift_y, shift.y);
    shift_x = std::max(shift_x, shift.x);
  }
  // Wide tiles waste the least: of each row, shift_x results are dropped.
  plan.columns = std::min<int64_t>(g.width, 128);
  plan.rows = std::min(g.height, std::max<int64_t>(8, 256 / std::max<int64_t>(1, plan.columns)));
  for (;;) {
    plan.pitch = plan.columns + shift_x;
    plan.plane_rows = plan.rows + shift_y;
    const int64_t plane = plan.pitch * plan.plane_rows;
    plan.channel = OddLines(plane * static_cast<int64_t>(plan.phases.size()));
    if (plan.channel * g.inputs <= kCopyFloats || plan.rows * plan.columns <= 128) break;
    int64_t& longer = plan.columns > 8 * plan.rows ? plan.columns : plan.rows;
    int64_t& cut = longer > 1 ? longer : plan.columns;
    cut = (cut + 1) / 2;
  }
  plan.tiles_down = plan.rows == 0 ? 0 : (g.height + plan.rows - 1) / plan.rows;
  plan.tiles_across = plan.columns == 0 ? 0 : (g.width + plan.columns - 1) / plan.columns;
  plan.copy = plan.channel * g.inputs + plan.pitch + kOvershoot;
  plan.sums = TapFilter::kOutputBlock * (plan.rows * plan.pitch + kOvershoot);
  for (const Shift& shift : shifts) {
    const int64_t phase = index_of.at({shift.phase.dy, shift.phase.dx});
    plan.offsets.push_back((phase * plan.plane_rows + shift.y) * plan.pitch + shift.x);
  }
  return plan;
}

TilePlace PlaceOf(const TilePlan& plan, const CorrelateGeometry& geometry, int64_t tile) {
  TilePlace place;
  place.y = tile / plan.tiles_across * plan.rows;
  place.x = tile % plan.tiles_across * plan.columns;
  place.rows = std::min(plan.rows, geometry.height - place.y);
  place.columns = std::min(plan.columns, geometry.width - place.x);
  return place;
}

void CopyTile(const ConstTensorView& x, int64_t n, int64_t first_channel,
              const CorrelateGeometry& geometry, const TilePlan& plan, const TilePlace& place,
              float* copy) {
  const int64_t height = x.shape[2], width = x.shape[3];
  float* const end = copy + plan.copy;
  for (int64_t channel = 0; channel < geometry.inputs; ++channel) {
    const float* picture = Floats(x) + n * x.strides[0] + (first_channel + channel) * x.strides[1];
    float* to = copy + channel * plan.channel;
    for (const Phase& phase : plan.phases) {
      const int64_t first_column = place.x * geometry.stride_w + phase.dx;
      for (int64_t row = 0; row < plan.plane_rows; ++row, to += plan.pitch) {
        const int64_t y = (place.y + row) * geometry.stride_h + phase.dy;
        if (y < 0 || y >= height) {
          std::fill(to, to + plan.pitch, 0.0f);
        } else {
          CopyRow(picture + y * x.strides[2], width, first_column, geometry.stride_w, plan.pitch,
                  to);
        }
      }
    }
    std::fill(to, channel + 1 == geometry.inputs ? end : copy + (channel + 1) * plan.channel, 0.0f);
  }
}

}  // namespace gan::core::kernels
