#include "data/fit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "media/lanczos.h"
#include "media/samples.h"

namespace gan::core {
namespace {

struct Box {
  int64_t left = 0, top = 0, width = 0, height = 0;
};

// The largest part in the middle with the proportions of width : height.
Box CentredPart(const PictureInfo& info, int64_t width, int64_t height) {
  Box box{0, 0, info.width, info.height};
  const double wanted = static_cast<double>(width) / static_cast<double>(height);
  if (static_cast<double>(info.width) > wanted * static_cast<double>(info.height)) {
    box.width = std::llround(wanted * static_cast<double>(info.height));
    box.width = std::clamp<int64_t>(box.width, 1, info.width);
  } else {
    box.height = std::llround(static_cast<double>(info.width) / wanted);
    box.height = std::clamp<int64_t>(box.height, 1, info.height);
  }
  box.left = (info.width - box.width) / 2;
  box.top = (info.height - box.height) / 2;
  return box;
}

// Rows of that part of the picture.
OpenedPicture Cropped(OpenedPicture picture, const Box& box) {
  if (box.width == picture.info.width && box.height == picture.info.height) return picture;
  OpenedPicture out;
  out.info = picture.info;
  out.info.width = box.width;
  out.info.height = box.height;
  Tensor row(DType::kF32, {picture.info.channels(), 1, picture.info.width});
  out.rows = [rows = std::move(picture.rows), row, box, next = int64_t{0}](
                 int64_t first, int64_t count, const TensorView& view) mutable {
    for (const int64_t end = box.top + first + count; next < end; ++next) {
      rows(next, 1, row.view());
      const int64_t y = next - box.top - first;
      if (y < 0) continue;  // above the part
      CopyElements(row.view().Slice(2, box.left, box.width), view.Slice(1, y, 1));
    }
  };
  return out;
}

// In steps that the resampler can take.
OpenedPicture Resampled(OpenedPicture picture, int64_t width, int64_t height) {
  while (picture.info.width != width || picture.info.height != height) {
    const auto step = [](int64_t from, int64_t to) {
      return std::max(to, (from + kMaxReduction - 1) / kMaxReduction);
    };
    OpenedPicture next;
    next.info = picture.info;
    next.info.width = step(picture.info.width, width);
    next.info.height = step(picture.info.height, height);
    next.rows =
        ResampledRows(picture.info, std::move(picture.rows), next.info.width, next.info.height);
    picture = std::move(next);
  }
  return picture;
}

void ReadAll(OpenedPicture& picture, const TensorView& out) {
  Tensor row(DType::kF32, {picture.info.channels(), 1, picture.info.width});
  for (int64_t y = 0; y < picture.info.height; ++y) {
    picture.rows(y, 1, row.view());
    CopyElements(row.view(), out.Slice(1, y, 1));
  }
}

// Lanczos overshoots at edges.
void Clamp(Tensor& picture) {
  for (float& x : picture.floats()) x = std::clamp(x, 0.0f, 1.0f);
}

}  // namespace

Fit FitFromName(std::string_view name) {
  if (name == "cover") return Fit::kCover;
  if (name == "contain") return Fit::kContain;
  if (name == "stretch") return Fit::kStretch;
  Fail(ErrorCode::kUsage, "fit", "wants cover, contain or stretch, got \"{}\"", Printable(name));
}

Tensor FittedPicture(OpenedPicture picture, Fit fit, int64_t height, int64_t width) {
  GAN_ASSERT(height >= 1 && width >= 1);
  Tensor out(DType::kF32, {picture.info.channels(), height, width});
  TensorView place = out.view();
  if (fit == Fit::kCover) {
    const Box box = CentredPart(picture.info, width, height);
    picture = Resampled(Cropped(std::move(picture), box), width, height);
  } else if (fit == Fit::kStretch) {
    picture = Resampled(std::move(picture), width, height);
  } else {
    const double scale =
        std::min(static_cast<double>(width) / static_cast<double>(picture.info.width),
                 static_cast<double>(height) / static_cast<double>(picture.info.height));
    const auto scaled = [&](int64_t from, int64_t most) {
      return std::clamp<int64_t>(std::llround(scale * static_cast<double>(from)), 1, most);
    };
    const int64_t w = scaled(picture.info.width, width), h = scaled(picture.info.height, height);
    picture = Resampled(std::move(picture), w, h);
    std::ranges::fill(out.floats(), 0.0f);
    place = place.Slice(1, (height - h) / 2, h).Slice(2, (width - w) / 2, w);
  }
  ReadAll(picture, place);
  Clamp(out);
  return out;
}

Tensor WithChannels(const Tensor& from, int64_t channels) {
  const Shape& shape = from.shape();
  if (shape[0] == channels) return from;
  GAN_ASSERT(shape.rank() == 3 && channels >= 1 && channels <= 4);
  const int64_t size = shape[1] * shape[2];
  const bool had_alpha = shape[0] % 2 == 0, wants_alpha = channels % 2 == 0;
  const int64_t had = shape[0] < 3 ? 1 : 3, wanted = channels < 3 ? 1 : 3;
  Tensor in = from;
  if (had_alpha && !wants_alpha) {
    in = from.Clone();
    constexpr std::array<float, 3> kWhite = {1, 1, 1};
    FlattenRow(in.floats().data(), size, size, std::span(kWhite).first(static_cast<size_t>(had)));
  }
  Tensor out(DType::kF32, {channels, shape[1], shape[2]});
  const float* a = in.floats().data();
  float* b = out.floats().data();
  for (int64_t c = 0; c < wanted; ++c) {
    if (had == 3 && wanted == 1) {
      for (int64_t i = 0; i < size; ++i) {
        b[i] = 0.299f * a[i] + 0.587f * a[size + i] + 0.114f * a[2 * size + i];
      }
    } else {
      std::copy_n(a + (had == 1 ? 0 : c * size), size, b + c * size);
    }
  }
  if (wants_alpha) {
    float* alpha = b + wanted * size;
    if (had_alpha) {
      std::copy_n(a + had * size, size, alpha);
    } else {
      std::fill_n(alpha, size, 1.0f);
    }
  }
  return out;
}

}  // namespace gan::core
