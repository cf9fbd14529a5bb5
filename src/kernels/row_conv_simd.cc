#include <algorithm>

#include "base/error.h"
#include "kernels/row_conv.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/row_conv_simd.cc"
#include "hwy/foreach_target.h"
// After foreach_target.h, which compiles the rest once per target.
#include "kernels/pixel_ops-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gan::core::kernels::HWY_NAMESPACE {
#if HWY_HAVE_SCALABLE
// Vectors that cannot stand in arrays: ChannelLanes() is 0, and nothing comes here.
void RunRowConvSimd(const RowConvJob&) {}
#else
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;
constexpr int64_t kLanes = static_cast<int64_t>(hn::MaxLanes(D()));
constexpr int64_t kPanel = RowConvFilter::kPanel;

// Most pixels whose sums in `used` vectors are in registers together: 12 of the 16 registers of
// AVX2, 24 of the 32 of AVX-512. Both hide the latency of FMA (4 cycles x 2 a cycle need 8). One
// vector takes fewer, as each of its multiplications loads an input of its own. Where vectors run
// over inputs, those of all `used` outputs' weights are in registers too.
constexpr int64_t MostPixels(RowConvForm form, int64_t used) {
  if (form == RowConvForm::kInputs) return used == 1 ? 8 : used == 2 ? 6 : used == 3 ? 4 : 2;
#if HWY_TARGET <= HWY_AVX3
  if (used == 4) return 6;
#endif
  return used == 1 ? 8 : used == 2 ? 6 : used == 4 ? 3 : 1;
}
constexpr int64_t kMostUsed = 8;

// What all blocks share that are summed one after the other: some vectors of outputs and a chunk
// of the inputs.
struct Pass {
  const RowConvJob* job;
  const RowConvPhase* phase;
  const float* weights;
  int64_t tap, panel;   // floats from a tap's or a panel's weights to the next one's
  int64_t first_input;  // channel of x
  int64_t inputs;
  const float* bias;  // nullptr where `out` has the sums of earlier chunks
  int64_t repeats;    // how many times the next vectors follow at once, each with inputs of its own
};

// The pixels of a block.
struct Place {
  int64_t y, x;     // in the picture: what an offset of 0 reads for the first of them
  int64_t top;      // the first row of the picture that a tap may read
  int64_t top_row;  // where it stands in the ring
  float* out;
};

// Row y of the picture. What a block reads stands in a row in the ring, so that one division, for
// the first, is enough.
const float* RowAt(const Pass& pass, const Place& place, int64_t y) {
  const ConstPixelRows& x = pass.job->x;
  int64_t row = place.top_row + y - place.top;
  while (row >= x.held) row -= x.held;
  return x.data + row * x.row + pass.first_input;
}

template <int64_t kUsed, int64_t kMany>
using Sums = V[kMany][kUsed];

// Weights of vector b, counted from the first that is used. Either a panel holds them all, or the
// first stands at a panel's begin.
HWY_INLINE const float* WeightsOf(const float* weights, int64_t panel, int64_t b) {
  constexpr int64_t kVectors = kPanel / kLanes;
  return weights + b / kVectors * panel + b % kVectors * kLanes;
}

template <int64_t kUsed, int64_t kMany>
HWY_INLINE void AddInputs(const float* const (&pixels)[kMany], const float* HWY_RESTRICT weights,
                          int64_t panel, int64_t inputs, Sums<kUsed, kMany>& sums) {
  const D d;
  for (int64_t i = 0; i < inputs; ++i, weights += kPanel) {
    V w[kUsed];
#pragma GCC unroll 8
    for (int64_t b = 0; b < kUsed; ++b) w[b] = hn::LoadU(d, WeightsOf(weights, panel, b));
#pragma GCC unroll 8
    for (int64_t t = 0; t < kMany; ++t) {
      const V x = hn::Set(d, pixels[t][i]);
#pragma GCC unroll 8
      for (int64_t b = 0; b < kUsed; ++b) sums[t][b] = hn::MulAdd(w[b], x, sums[t][b]);
    }
  }
}

// Where an output reads the channel of its own place only.
template <int64_t kUsed, int64_t kMany>
HWY_INLINE void AddChannels(const float* const (&pixels)[kMany], const float* HWY_RESTRICT weights,
                            int64_t panel, Sums<kUsed, kMany>& sums) {
  const D d;
  V w[kUsed];
#pragma GCC unroll 8
  for (int64_t b = 0; b < kUsed; ++b) w[b] = hn::LoadU(d, WeightsOf(weights, panel, b));
#pragma GCC unroll 8
  for (int64_t t = 0; t < kMany; ++t) {
#pragma GCC unroll 8
    for (int64_t b = 0; b < kUsed; ++b) {
      sums[t][b] = hn::MulAdd(w[b], hn::LoadU(d, pixels[t] + b * kLanes), sums[t][b]);
    }
  }
}

// Where lane l sums every input of its own remainder by the vector's length.
template <int64_t kUsed, int64_t kMany>
HWY_INLINE void AddDots(const float* const (&pixels)[kMany], const float* HWY_RESTRICT weights,
                        int64_t output, int64_t inputs, Sums<kUsed, kMany>& sums) {
  const D d;
  for (int64_t i = 0; i < inputs; i += kLanes) {
    V w[kUsed];
#pragma GCC unroll 8
    for (int64_t b = 0; b < kUsed; ++b) w[b] = hn::LoadU(d, weights + b * output + i);
#pragma GCC unroll 8
    for (int64_t t = 0; t < kMany; ++t) {
      const V x = hn::LoadU(d, pixels[t] + i);
#pragma GCC unroll 8
      for (int64_t b = 0; b < kUsed; ++b) sums[t][b] = hn::MulAdd(w[b], x, sums[t][b]);
    }
  }
}

template <RowConvForm kForm, int64_t kUsed, int64_t kMany>
HWY_INLINE void AddTap(const Pass& pass, const float* const (&pixels)[kMany], const float* weights,
                       Sums<kUsed, kMany>& sums) {
  if constexpr (kForm == RowConvForm::kOutputs) {
    AddInputs<kUsed, kMany>(pixels, weights, pass.panel, pass.inputs, sums);
  } else if constexpr (kForm == RowConvForm::kChannels) {
    AddChannels<kUsed, kMany>(pixels, weights, pass.panel, sums);
  } else {
    AddDots<kUsed, kMany>(pixels, weights, pass.tap / kUsed, pass.inputs, sums);
  }
}

template <RowConvForm kForm, int64_t kUsed, int64_t kMany>
HWY_INLINE void AddTaps(const Pass& pass, const Place& place, Sums<kUsed, kMany>& sums) {
  const RowConvJob& job = *pass.job;
  const int64_t stride = job.filter->in_stride_w, step = stride * job.x.pixel;
  const float* zeros = job.zeros + pass.first_input;
  const float* weights = pass.weights;
  for (const int64_t down : pass.phase->down) {
    const int64_t y = place.y + down;
    if (y < 0 || y >= job.height) {
      weights += static_cast<int64_t>(pass.phase->across.size()) * pass.tap;
      continue;
    }
    const float* row = RowAt(pass, place, y);
    for (const int64_t across : pass.phase->across) {
      const int64_t x = place.x + across;
      const float* pixels[kMany];
      if (x >= 0 && x + (kMany - 1) * stride < job.width) {
#pragma GCC unroll 8
        for (int64_t t = 0; t < kMany; ++t) pixels[t] = row + x * job.x.pixel + t * step;
        AddTap<kForm, kUsed, kMany>(pass, pixels, weights, sums);
      } else if (kMany > 1) {  // the bits of a single pixel's result do not depend on its block
#pragma GCC unroll 8
        for (int64_t t = 0; t < kMany; ++t) {
          const int64_t at = x + t * stride;
          pixels[t] = at >= 0 && at < job.width ? row + at * job.x.pixel : zeros;
        }
        AddTap<kForm, kUsed, kMany>(pass, pixels, weights, sums);
      }
      weights += pass.tap;
    }
  }
}

// Adds a chunk to the sums of kMany pixels in kUsed vectors of outputs; or, where vectors run over
// inputs, makes all sums of kUsed outputs.
template <RowConvForm kForm, int64_t kUsed, int64_t kMany>
HWY_INLINE void AddVectors(const Pass& pass, const Place& place) {
  const D d;
  const int64_t out_step = pass.job->filter->out_stride_w * pass.job->out.pixel;
  const float* from = pass.bias != nullptr ? pass.bias : place.out;
  const int64_t from_step = pass.bias != nullptr ? 0 : out_step;
  Sums<kUsed, kMany> sums;
#pragma GCC unroll 8
  for (int64_t t = 0; t < kMany; ++t) {
#pragma GCC unroll 8
    for (int64_t b = 0; b < kUsed; ++b) {
      sums[t][b] = kForm == RowConvForm::kInputs ? hn::Zero(d)
                                                 : hn::LoadU(d, from + t * from_step + b * kLanes);
    }
  }
  AddTaps<kForm, kUsed, kMany>(pass, place, sums);
#pragma GCC unroll 8
  for (int64_t t = 0; t < kMany; ++t) {
    float* to = place.out + t * out_step;
#pragma GCC unroll 8
    for (int64_t b = 0; b < kUsed; ++b) {
      if constexpr (kForm == RowConvForm::kInputs) {
        to[b] = pass.bias[b] + hn::GetLane(hn::SumOfLanes(d, sums[t][b]));
      } else {
        hn::StoreU(sums[t][b], d, to + b * kLanes);
      }
    }
    if constexpr (kForm == RowConvForm::kInputs && kUsed % kLanes != 0) {
      std::copy_n(pass.bias + kUsed, kLanes - kUsed % kLanes, to + kUsed);
    }
  }
}

template <RowConvForm kForm, int64_t kUsed, int64_t kMany>
HWY_NOINLINE void AddBlock(const Pass& pass, const Place& place) {
  if constexpr (kForm == RowConvForm::kChannels) {
    Pass next = pass;
    Place there = place;
    for (int64_t n = 0; n < pass.repeats; ++n) {
      next.weights = WeightsOf(pass.weights, pass.panel, n * kUsed);
      AddVectors<kForm, kUsed, kMany>(next, there);
      next.first_input += kUsed * kLanes;
      next.bias += kUsed * kLanes;
      there.out += kUsed * kLanes;
    }
  } else {
    AddVectors<kForm, kUsed, kMany>(pass, place);
  }
}

using BlockKernel = void (*)(const Pass&, const Place&);

// The kernel for so many pixels, at most MostPixels().
template <RowConvForm kForm, int64_t kUsed, int64_t kMany = MostPixels(kForm, kUsed)>
BlockKernel KernelOf(int64_t pixels) {
  if constexpr (kMany > 1) {
    if (pixels < kMany) return KernelOf<kForm, kUsed, kMany - 1>(pixels);
  }
  return AddBlock<kForm, kUsed, kMany>;
}

template <RowConvForm kForm>
BlockKernel KernelForVectors(int64_t used, int64_t pixels) {
  switch (used) {
    case 8: return KernelOf<kForm, 8>(pixels);
    case 4: return KernelOf<kForm, 4>(pixels);
    case 2: return KernelOf<kForm, 2>(pixels);
    default: return KernelOf<kForm, 1>(pixels);
  }
}

BlockKernel KernelFor(RowConvForm form, int64_t used, int64_t pixels) {
  switch (form) {
    case RowConvForm::kOutputs: return KernelForVectors<RowConvForm::kOutputs>(used, pixels);
    case RowConvForm::kChannels: return KernelForVectors<RowConvForm::kChannels>(used, pixels);
    case RowConvForm::kInputs: break;
  }
  switch (used) {
    case 4: return KernelOf<RowConvForm::kInputs, 4>(pixels);
    case 3: return KernelOf<RowConvForm::kInputs, 3>(pixels);
    case 2: return KernelOf<RowConvForm::kInputs, 2>(pixels);
    default: return KernelOf<RowConvForm::kInputs, 1>(pixels);
  }
}

// How the columns of a phase's rows are cut into blocks: as equal as possible, the larger ones
// first.
struct Cut {
  int64_t columns = 0;
  int64_t used = 1;  // vectors at a time
  int64_t repeats = 1;
  int64_t pixels = 0;
  int64_t larger = 0;  // blocks of one pixel more
  BlockKernel kernel = nullptr, larger_kernel = nullptr;
};

int64_t ColumnsOf(const RowConvJob& job, const RowConvPhase& phase) {
  const int64_t stride = job.filter->out_stride_w;
  return phase.x < job.out_width ? (job.out_width - phase.x - 1) / stride + 1 : 0;
}

// Whether most of what a row's taps read lies beside the picture, as where a picture of one pixel
// grows to 4x4. Single pixels leave out such taps.
bool IsSparse(const RowConvJob& job, const RowConvPhase& phase, int64_t columns) {
  const int64_t stride = job.filter->in_stride_w;
  int64_t inside = 0;
  for (const int64_t across : phase.across) {
    const int64_t first = across < 0 ? (-across + stride - 1) / stride : 0;
    const int64_t end = across < job.width ? (job.width - across - 1) / stride + 1 : 0;
    inside += std::max<int64_t>(0, std::min(end, columns) - first);
  }
  return 2 * inside <= columns * static_cast<int64_t>(phase.across.size());
}

// Vectors that are summed at a time when so many are left. One pixel takes many; more pixels take
// fewer, so that weights that are loaded serve several. Depthwise, every multiplication loads an
// input of its own, and vectors side by side at least share the pixels' addresses.
int64_t UsedOf(const RowConvFilter& filter, int64_t columns, int64_t vectors) {
  if (filter.form == RowConvForm::kInputs) return filter.outputs;
  const int64_t enough = filter.form == RowConvForm::kChannels ? 3 : 4;
  int64_t used = kMostUsed;
  while (used > 1 &&
         (used > vectors || MostPixels(filter.form, used) < std::min(enough, columns))) {
    used /= 2;
  }
  return used;
}

// The cut for the first of so many vectors of outputs. Whether blocks have one pixel depends on
// the sizes of the convolution alone.
Cut CutOf(const RowConvJob& job, const RowConvPhase& phase, int64_t vectors) {
  const RowConvForm form = job.filter->form;
  Cut cut;
  cut.columns = ColumnsOf(job, phase);
  const int64_t columns = IsSparse(job, phase, cut.columns) ? 1 : cut.columns;
  cut.used = UsedOf(*job.filter, columns, vectors);
  // Depthwise, a block goes through all its channels: they stand side by side and share no weights
  // with other blocks that would be worth keeping.
  if (form == RowConvForm::kChannels) cut.repeats = vectors / cut.used;
  if (columns == 0) return cut;
  const int64_t most = std::min(columns, MostPixels(form, cut.used));
  const int64_t blocks = (cut.columns + most - 1) / most;
  cut.pixels = cut.columns / blocks;
  cut.larger = cut.columns % blocks;
  cut.kernel = KernelFor(form, cut.used, cut.pixels);
  if (cut.larger > 0) cut.larger_kernel = KernelFor(form, cut.used, cut.pixels + 1);
  return cut;
}

// One row of a phase.
void AddRow(const Pass& pass, const Cut& cut, Place place, int64_t out_step) {
  const int64_t in_step = pass.job->filter->in_stride_w;
  int64_t done = 0;
  for (int64_t block = 0; done < cut.columns; ++block) {
    const bool larger = block < cut.larger;
    (larger ? cut.larger_kernel : cut.kernel)(pass, place);
    const int64_t pixels = cut.pixels + (larger ? 1 : 0);
    done += pixels;
    place.x += pixels * in_step;
    place.out += pixels * out_step;
  }
}

// A phase's share of output rows [begin, end).
void AddRows(const Pass& pass, const Cut& cut, int64_t first_output, int64_t begin, int64_t end) {
  const RowConvJob& job = *pass.job;
  const RowConvFilter& filter = *job.filter;
  const int64_t out_step = filter.out_stride_w * job.out.pixel;
  const std::vector<int64_t>& down = pass.phase->down;
  const int64_t upmost = *std::min_element(down.begin(), down.end());
  for (int64_t row = begin; row < end; ++row) {
    const int64_t picture = row / job.out_height, y = row % job.out_height;
    if (y % filter.out_stride_h != pass.phase->y) continue;
    const int64_t in_y = y / filter.out_stride_h * filter.in_stride_h;
    const int64_t top = std::max<int64_t>(0, in_y + upmost);
    const int64_t top_row = (picture * job.height + top) % job.x.held;
    AddRow(pass, cut, {in_y, 0, top, top_row, job.out.At(row, pass.phase->x) + first_output},
           out_step);
  }
}

// Outputs that read the same inputs.
struct Outputs {
  int64_t first = 0;
  int64_t vectors = 0;
  int64_t first_input = 0;
};

// Those of a job from a panel on that are in one group.
Outputs OutputsFrom(const RowConvJob& job, int64_t panel) {
  const RowConvFilter& filter = *job.filter;
  const int64_t all = filter.groups * filter.outputs;
  int64_t end = std::min((job.panel + job.panels) * kPanel, all);
  Outputs outputs{panel * kPanel, 0, 0};
  if (filter.form == RowConvForm::kOutputs) {
    const int64_t group = outputs.first / filter.outputs;
    outputs.first_input = group * filter.inputs;
    end = std::min(end, (group + 1) * filter.outputs);
  }
  outputs.vectors = (end - outputs.first + kLanes - 1) / kLanes;
  return outputs;
}

// All rows and chunks of one phase for as many vectors of outputs as the cut says.
void AddChunks(const RowConvJob& job, const RowConvPhase& phase, const Cut& cut,
               const Outputs& outputs, int64_t begin, int64_t end) {
  const RowConvFilter& filter = *job.filter;
  const float* packed = filter.packed.floats().data() + phase.filter;
  Pass pass{&job, &phase, packed, 0, 0, outputs.first_input, filter.inputs, job.bias, cut.repeats};
  if (filter.form == RowConvForm::kInputs) {
    pass.tap = filter.outputs * ((filter.inputs + kPanel - 1) / kPanel * kPanel);
    AddRows(pass, cut, 0, begin, end);
    return;
  }
  pass.panel = phase.Taps() * filter.inputs * kPanel;
  pass.weights += outputs.first / kPanel * pass.panel + outputs.first % kPanel;
  pass.bias += outputs.first;
  for (int64_t i = 0; i < filter.inputs; i += phase.chunk) {
    pass.inputs = std::min(phase.chunk, filter.inputs - i);
    pass.tap = pass.inputs * kPanel;
    AddRows(pass, cut, outputs.first, begin, end);
    pass.weights += phase.Taps() * pass.tap;
    pass.first_input += pass.inputs;
    pass.bias = nullptr;
  }
}

// One phase for some outputs and rows [begin, end).
void AddPhase(const RowConvJob& job, const RowConvPhase& phase, Outputs outputs, int64_t begin,
              int64_t end) {
  const bool depthwise = job.filter->form == RowConvForm::kChannels;
  while (outputs.vectors > 0) {
    const Cut cut = CutOf(job, phase, outputs.vectors);
    if (depthwise) outputs.first_input = outputs.first;
    AddChunks(job, phase, cut, outputs, begin, end);
    outputs.first += cut.used * cut.repeats * kLanes;
    outputs.vectors -= cut.used * cut.repeats;
  }
}

// For pixels that no tap reaches.
void FillWithBias(const RowConvJob& job, const Outputs& outputs, int64_t begin, int64_t end) {
  for (int64_t row = begin; row < end; ++row) {
    for (int64_t x = 0; x < job.out_width; ++x) {
      std::copy_n(job.bias + outputs.first, outputs.vectors * kLanes,
                  job.out.At(row, x) + outputs.first);
    }
  }
}

// Rows that are finished before the next ones are begun. What they read and write should stay in L2
// while every panel of weights passes over it; but so many pixels should share the passage that the
// weights, which may be megabytes, need not come faster than a few bytes a cycle.
int64_t BandRows(const RowConvJob& job) {
  constexpr int64_t kBandFloats = 64 * 1024, kBandPixels = 256;
  const RowConvFilter& filter = *job.filter;
  const int64_t in = job.width * job.x.pixel * filter.in_stride_h / filter.out_stride_h;
  const int64_t row = std::max<int64_t>(1, in + job.out_width * job.out.pixel);
  return std::max(kBandFloats / row, (kBandPixels + job.out_width - 1) / job.out_width);
}

}  // namespace

void RunRowConvSimd(const RowConvJob& job) {
  const RowConvFilter& filter = *job.filter;
  const bool unreached =
      static_cast<int64_t>(filter.phases.size()) < filter.out_stride_h * filter.out_stride_w;
  std::fill_n(job.zeros, job.x.pixel, 0.0f);
  const int64_t rows = BandRows(job);
  for (int64_t begin = job.begin; begin < job.end; begin += rows) {
    const int64_t end = std::min(begin + rows, job.end);
    for (int64_t panel = job.panel; panel < job.panel + job.panels;) {
      const Outputs outputs = OutputsFrom(job, panel);
      if (unreached) FillWithBias(job, outputs, begin, end);
      for (const RowConvPhase& phase : filter.phases) AddPhase(job, phase, outputs, begin, end);
      panel += (outputs.vectors * kLanes + kPanel - 1) / kPanel;
    }
    for (int64_t row = begin; row < end && !job.ops.empty(); ++row) {
      pixel_ops::Apply(job.ops, job.out.Row(row), job.out.pixel, row, 0, job.out_width,
                       job.out.Row(row));
    }
  }
}
#endif  // HWY_HAVE_SCALABLE

}  // namespace gan::core::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gan::core::kernels {

HWY_EXPORT(RunRowConvSimd);

void RunRowConv(const RowConvJob& job) {
  GAN_ASSERT(job.ops.empty() || job.panels == job.filter->Panels());
  HWY_DYNAMIC_DISPATCH(RunRowConvSimd)(job);
}

}  // namespace gan::core::kernels
#endif  // HWY_ONCE
