#include "media/video_encoder.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/opt.h>
#include <libswscale/swscale.h>
}

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <mutex>
#include <new>

#include "base/error.h"

namespace gan::core {
namespace {

constexpr int64_t kLargestSide = 16'384;

// What a library said last, to be told with the error that it ends in. FFmpeg would print it.
thread_local std::string last_complaint;

void KeepComplaint(void*, int level, const char* format, va_list arguments) {
  if (level > AV_LOG_ERROR) return;
  char line[400];
  std::vsnprintf(line, sizeof line, format, arguments);
  last_complaint = line;
  while (last_complaint.ends_with('\n')) last_complaint.pop_back();
}

std::string ReasonOf(int code) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(code, text, sizeof text);
  return last_complaint.empty() ? text : fmt::format("{} ({})", text, Printable(last_complaint));
}

template <auto free>
struct Freeing {
  template <class T>
  void operator()(T* pointer) const {
    free(&pointer);
  }
};
using CodecPtr = std::unique_ptr<AVCodecContext, Freeing<avcodec_free_context>>;
using FramePtr = std::unique_ptr<AVFrame, Freeing<av_frame_free>>;
using PacketPtr = std::unique_ptr<AVPacket, Freeing<av_packet_free>>;

struct FreeFormat {
  void operator()(AVFormatContext* format) const {
    if (format->pb != nullptr) avio_closep(&format->pb);
    avformat_free_context(format);
  }
};
struct FreeScaler {
  void operator()(SwsContext* scaler) const { sws_freeContext(scaler); }
};

AVPixelFormat GivenFormat(int channels) {
  constexpr AVPixelFormat kAll[] = {AV_PIX_FMT_GRAY8, AV_PIX_FMT_YA8, AV_PIX_FMT_RGB24,
                                    AV_PIX_FMT_RGBA};
  GAN_ASSERT(channels >= 1 && channels <= 4);
  return kAll[channels - 1];
}

// A setting that the encoder or writer is known to have.
void Set(void* owner, const char* name, const char* value) {
  GAN_ASSERT(av_opt_set(owner, name, value, AV_OPT_SEARCH_CHILDREN) == 0);
}

// nullptr where this FFmpeg has none.
const AVCodec* EncoderOf(VideoFormat format) {
  if (format == VideoFormat::kApng) return avcodec_find_encoder(AV_CODEC_ID_APNG);
  const AVCodec* codec = avcodec_find_encoder_by_name("libx264");
  return codec != nullptr ? codec : avcodec_find_encoder(AV_CODEC_ID_MPEG4);
}

class FfmpegEncoder : public VideoEncoder {
 public:
  explicit FfmpegEncoder(const VideoOptions& options)
      // A path like "tcp:name" is a file's all the same.
      : options_(options), url_("file:" + options.path.string()) {
    static std::once_flag once;
    std::call_once(once, [] { av_log_set_callback(KeepComplaint); });
    last_complaint.clear();
    if (options.width < 1 || options.height < 1 || options.width > kLargestSide ||
        options.height > kLargestSide) {
      Fail(ErrorCode::kUsage, options.name,
           "wants frames of {} x {} pixels; the format holds 1 to {} a side", options.width,
           options.height, kLargestSide);
    }
    Begin();
  }

  void Add(std::span<const uint8_t> frame) override {
    GAN_ASSERT(frame.size() ==
               static_cast<size_t>(options_.width * options_.height * options_.channels));
    // The encoder may still read the frame before.
    Require(av_frame_make_writable(frame_.get()), ErrorCode::kInternal, "no memory for a frame");
    if (IsMp4()) {
      GAN_ASSERT(options_.channels == 3);
      Copy(frame, *rgb_);
      sws_scale(scaler_.get(), rgb_->data, rgb_->linesize, 0, rgb_->height, frame_->data,
                frame_->linesize);
    } else {
      Copy(frame, *frame_);
    }
    frame_->pts = next_++;
    Encode(frame_.get());
  }

  void Finish() override {
    Encode(nullptr);
    Require(av_write_trailer(format_.get()), ErrorCode::kIo, "cannot be written");
    Require(avio_closep(&format_->pb), ErrorCode::kIo, "cannot be written");
  }

 private:
  bool IsMp4() const { return options_.format == VideoFormat::kMp4; }

  void Require(int code, ErrorCode error, std::string_view what) const {
    if (code < 0) Fail(error, options_.name, "{}: {}", what, ReasonOf(code));
  }

  const AVCodec* FindEncoder() const {
    const AVCodec* codec = EncoderOf(options_.format);
    if (codec == nullptr) {
      Fail(ErrorCode::kConfiguration, options_.name,
           "the FFmpeg of this machine has no encoder for it ({}): use .webp or .gif",
           IsMp4() ? "libx264 or mpeg4" : "apng");
    }
    return codec;
  }

  void Begin() {
    const AVCodec* codec = FindEncoder();
    AVFormatContext* format = nullptr;
    Require(
        avformat_alloc_output_context2(&format, nullptr, IsMp4() ? "mp4" : "apng", url_.c_str()),
        ErrorCode::kConfiguration, "the FFmpeg of this machine cannot write it");
    format_.reset(format);
    // Without the names and versions of libraries.
    format_->flags |= AVFMT_FLAG_BITEXACT;
    OpenCodec(codec);
    stream_ = avformat_new_stream(format_.get(), nullptr);
    packet_.reset(av_packet_alloc());
    if (stream_ == nullptr || packet_ == nullptr) throw std::bad_alloc();
    stream_->time_base = codec_->time_base;
    stream_->avg_frame_rate = codec_->framerate;
    Require(avcodec_parameters_from_context(stream_->codecpar, codec_.get()), ErrorCode::kInternal,
            "cannot be described");
    frame_ = NewFrame(codec_->pix_fmt);
    if (IsMp4()) OpenScaler();
    WriteHeader();
  }

  FramePtr NewFrame(AVPixelFormat format) const {
    FramePtr frame(av_frame_alloc());
    if (frame == nullptr) throw std::bad_alloc();
    frame->format = format;
    frame->width = codec_->width;
    frame->height = codec_->height;
    Require(av_frame_get_buffer(frame.get(), 0), ErrorCode::kInternal, "no memory for a frame");
    return frame;
  }

  void OpenCodec(const AVCodec* codec) {
    codec_.reset(avcodec_alloc_context3(codec));
    if (codec_ == nullptr) throw std::bad_alloc();
    const auto even = [&](int64_t side) {
      return static_cast<int>(IsMp4() ? side + side % 2 : side);
    };
    codec_->width = even(options_.width);
    codec_->height = even(options_.height);
    codec_->pix_fmt = IsMp4() ? AV_PIX_FMT_YUV420P : GivenFormat(options_.channels);
    av_reduce(&codec_->time_base.num, &codec_->time_base.den, options_.frame_milliseconds, 1000,
              1'000'000);
    codec_->framerate = av_inv_q(codec_->time_base);
    // With more, what x264 makes depends on how many.
    codec_->thread_count = 1;
    codec_->flags |= AV_CODEC_FLAG_BITEXACT;
    if ((format_->oformat->flags & AVFMT_GLOBALHEADER) != 0) {
      codec_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    }
    if (IsMp4()) {
      codec_->color_range = AVCOL_RANGE_MPEG;
      codec_->colorspace = AVCOL_SPC_BT709;
      codec_->color_primaries = AVCOL_PRI_BT709;
      codec_->color_trc = AVCOL_TRC_BT709;
    }
    if (codec->id == AV_CODEC_ID_H264) {
      Set(codec_.get(), "preset", "medium");
      Set(codec_.get(), "crf", "16");  // differences that nobody sees
    } else if (codec->id == AV_CODEC_ID_MPEG4) {
      codec_->flags |= AV_CODEC_FLAG_QSCALE;
      codec_->global_quality = 2 * FF_QP2LAMBDA;
    } else {
      Set(codec_.get(), "pred", "mixed");
    }
    Require(avcodec_open2(codec_.get(), codec, nullptr), ErrorCode::kConfiguration,
            "frames of this size cannot be encoded");
  }

  void OpenScaler() {
    const int w = codec_->width, h = codec_->height;
    scaler_.reset(sws_getContext(w, h, AV_PIX_FMT_RGB24, w, h, codec_->pix_fmt,
                                 SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INP | SWS_BITEXACT,
                                 nullptr, nullptr, nullptr));
    if (scaler_ == nullptr) Fail(ErrorCode::kInternal, options_.name, "has no way from RGB to YUV");
    const int* table = sws_getCoefficients(SWS_CS_ITU709);
    sws_setColorspaceDetails(scaler_.get(), table, 1, table, 0, 0, 1 << 16, 1 << 16);
    rgb_ = NewFrame(AV_PIX_FMT_RGB24);
  }

  void WriteHeader() {
    Require(avio_open(&format_->pb, url_.c_str(), AVIO_FLAG_WRITE), ErrorCode::kCannotCreate,
            "cannot be created");
    if (IsMp4()) {
      Set(format_->priv_data, "movflags", "faststart");
    } else {
      Set(format_->priv_data, "plays", "0");
    }
    Require(avformat_write_header(format_.get(), nullptr), ErrorCode::kIo, "cannot be written");
  }

  // Row by row, since FFmpeg's rows are longer than their pixels: some of it works on whole
  // vectors.
  void Copy(std::span<const uint8_t> from, AVFrame& to) const {
    const size_t row = from.size() / static_cast<size_t>(options_.height);
    for (int64_t y = 0; y < to.height; ++y) {
      const auto y_from = static_cast<size_t>(std::min(y, options_.height - 1));
      uint8_t* at = to.data[0] + y * to.linesize[0];
      at = std::ranges::copy(from.subspan(y_from * row, row), at).out;
      // An odd column once more.
      if (to.width > options_.width) std::copy_n(at - 3, 3, at);
    }
  }

  // Nothing for the end.
  void Encode(const AVFrame* frame) {
    Require(avcodec_send_frame(codec_.get(), frame), ErrorCode::kInternal, "cannot be encoded");
    for (;;) {
      const int code = avcodec_receive_packet(codec_.get(), packet_.get());
      if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return;
      Require(code, ErrorCode::kInternal, "cannot be encoded");
      if (packet_->duration == 0) packet_->duration = 1;
      av_packet_rescale_ts(packet_.get(), codec_->time_base, stream_->time_base);
      packet_->stream_index = stream_->index;
      Require(av_interleaved_write_frame(format_.get(), packet_.get()), ErrorCode::kIo,
              "cannot be written");
      // What is buffered fails later than it is written.
      Require(format_->pb->error, ErrorCode::kIo, "cannot be written");
    }
  }

  VideoOptions options_;
  std::string url_;
  std::unique_ptr<AVFormatContext, FreeFormat> format_;
  CodecPtr codec_;
  AVStream* stream_ = nullptr;  // of format_
  PacketPtr packet_;
  FramePtr frame_;
  std::unique_ptr<SwsContext, FreeScaler> scaler_;
  FramePtr rgb_;  // what scaler_ reads
  int64_t next_ = 0;
};

}  // namespace

std::string DescribeVideo() {
  std::string text;
  if (const AVCodec* codec = EncoderOf(VideoFormat::kMp4)) {
    text = fmt::format("mp4 ({})", codec->name);
  }
  if (EncoderOf(VideoFormat::kApng) != nullptr) text += text.empty() ? "apng" : ", apng";
  return text;
}

std::unique_ptr<VideoEncoder> OpenVideo(const VideoOptions& options) {
  return std::make_unique<FfmpegEncoder>(options);
}

}  // namespace gan::core
