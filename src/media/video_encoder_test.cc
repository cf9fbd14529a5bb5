// MP4 and APNG as animations are written into them, read again by FFmpeg.
#include "media/video_encoder.h"

#include <gtest/gtest.h>
#include <unistd.h>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
}

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <vector>

#include "base/error.h"
#include "media/animation.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

struct Decoded {
  int width = 0, height = 0;
  AVCodecID codec = AV_CODEC_ID_NONE;
  AVPixelFormat format = AV_PIX_FMT_NONE;
  std::vector<double> seconds;                 // when each frame is shown
  std::vector<std::vector<uint8_t>> pictures;  // RGBA
  double duration = 0;                         // of the whole
};

std::vector<uint8_t> Rgba(const AVFrame& frame) {
  std::vector<uint8_t> out(static_cast<size_t>(frame.width * frame.height) * 4);
  SwsContext* scaler = sws_getContext(
      frame.width, frame.height, static_cast<AVPixelFormat>(frame.format), frame.width,
      frame.height, AV_PIX_FMT_RGBA, SWS_BICUBIC | SWS_ACCURATE_RND, nullptr, nullptr, nullptr);
  const int* table = sws_getCoefficients(SWS_CS_ITU709);
  const int whole_range = frame.format == AV_PIX_FMT_YUV420P ? 0 : 1;
  sws_setColorspaceDetails(scaler, table, whole_range, table, 1, 0, 1 << 16, 1 << 16);
  AVFrame* made = av_frame_alloc();
  made->format = AV_PIX_FMT_RGBA, made->width = frame.width, made->height = frame.height;
  av_frame_get_buffer(made, 0);
  sws_scale(scaler, frame.data, frame.linesize, 0, frame.height, made->data, made->linesize);
  for (int y = 0; y < frame.height; ++y) {
    std::copy_n(made->data[0] + y * made->linesize[0], frame.width * 4,
                out.begin() + y * frame.width * 4);
  }
  av_frame_free(&made);
  sws_freeContext(scaler);
  return out;
}

Decoded Decode(const fs::path& path) {
  Decoded out;
  AVFormatContext* file = nullptr;
  EXPECT_EQ(avformat_open_input(&file, path.c_str(), nullptr, nullptr), 0);
  if (file == nullptr) return out;
  EXPECT_GE(avformat_find_stream_info(file, nullptr), 0);
  const AVStream& stream = *file->streams[0];
  const AVCodec* codec = avcodec_find_decoder(stream.codecpar->codec_id);
  AVCodecContext* context = avcodec_alloc_context3(codec);
  avcodec_parameters_to_context(context, stream.codecpar);
  EXPECT_EQ(avcodec_open2(context, codec, nullptr), 0);
  AVPacket* packet = av_packet_alloc();
  AVFrame* frame = av_frame_alloc();
  const auto take = [&] {
    while (avcodec_receive_frame(context, frame) == 0) {
      out.seconds.push_back(static_cast<double>(frame->best_effort_timestamp) *
                            av_q2d(stream.time_base));
      out.pictures.push_back(Rgba(*frame));
      out.format = static_cast<AVPixelFormat>(frame->format);
    }
  };
  while (av_read_frame(file, packet) == 0) {
    out.duration += static_cast<double>(packet->duration) * av_q2d(stream.time_base);
    avcodec_send_packet(context, packet);
    av_packet_unref(packet);
    take();
  }
  avcodec_send_packet(context, nullptr);
  take();
  out.width = context->width, out.height = context->height, out.codec = context->codec_id;
  av_frame_free(&frame);
  av_packet_free(&packet);
  avcodec_free_context(&context);
  avformat_close_input(&file);
  return out;
}

std::string BytesOf(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class Video : public testing::Test {
 protected:
  Video() { fs::create_directories(folder_); }
  ~Video() override { fs::remove_all(folder_); }

  // A colour for all pixels, brighter from frame to frame, whole alpha.
  static Tensor Frame(int64_t channels, int64_t height, int64_t width, int64_t i) {
    Tensor frame(DType::kF32, {channels, height, width});
    const int64_t area = height * width;
    for (int64_t p = 0; p < channels * area; ++p) {
      const int64_t c = p / area;
      const bool alpha = channels % 2 == 0 && c == channels - 1;
      frame.floats()[static_cast<size_t>(p)] =
          alpha ? 1 : static_cast<float>(40 + 20 * c + 30 * i) / 255;
    }
    return frame;
  }

  fs::path Write(const char* name, int64_t count, int64_t channels, int64_t height, int64_t width,
                 AnimationOptions options = {}) {
    options.open_video = OpenVideo;
    const fs::path path = folder_ / name;
    WriteAnimation(
        path, count, [&](int64_t i) { return Frame(channels, height, width, i); }, options);
    return path;
  }

  fs::path folder_ = fs::temp_directory_path() / fmt::format("gan_video_{}", getpid());
};

TEST_F(Video, KeepsFramesOrderAndTime) {
  for (const char* name : {"a.mp4", "a.apng"}) {
    for (const int64_t channels : {1, 2, 3, 4}) {
      SCOPED_TRACE(testing::Message() << name << ", " << channels << " channels");
      const Decoded made = Decode(Write(name, 5, channels, 6, 8, {.frame_milliseconds = 70}));
      EXPECT_EQ(made.width, 8);
      EXPECT_EQ(made.height, 6);
      ASSERT_EQ(made.pictures.size(), 5u);
      const bool mp4 = std::string(name) == "a.mp4";
      for (size_t i = 0; i < 5; ++i) {
        EXPECT_NEAR(made.seconds[i] - made.seconds[0], 0.07 * static_cast<double>(i), 1e-3);
        for (size_t c = 0; c < 3; ++c) {
          const double wanted =
              40 + (channels < 3 ? 0 : 20 * static_cast<double>(c)) + 30 * static_cast<double>(i);
          EXPECT_NEAR(made.pictures[i][(3 * 8 + 4) * 4 + c], wanted, mp4 ? 4 : 0) << i << " " << c;
        }
      }
      if (mp4) {
        EXPECT_NEAR(made.duration, 0.35, 2e-3);
      }
    }
  }
}

TEST_F(Video, IsWhatPlayersWant) {
  const fs::path path = Write("a.mp4", 3, 3, 20, 30);
  const Decoded made = Decode(path);
  EXPECT_TRUE(made.codec == AV_CODEC_ID_H264 || made.codec == AV_CODEC_ID_MPEG4);
  EXPECT_EQ(made.format, AV_PIX_FMT_YUV420P);
  // What says where the frames are stands before them.
  const std::string bytes = BytesOf(path);
  EXPECT_LT(bytes.find("moov"), bytes.find("mdat"));
}

TEST_F(Video, MakesOddSidesEvenWhereItMust) {
  const Decoded mp4 = Decode(Write("a.mp4", 2, 3, 5, 7));
  EXPECT_EQ(mp4.width, 8);
  EXPECT_EQ(mp4.height, 6);
  // The last column and row are there twice, so nothing dark or green is at the edge.
  for (const size_t at : {size_t{0}, size_t{7}, size_t{5 * 8}, size_t{5 * 8 + 7}}) {
    EXPECT_NEAR(mp4.pictures[0][at * 4], 40, 4);
    EXPECT_NEAR(mp4.pictures[0][at * 4 + 1], 60, 4);
  }
  const Decoded apng = Decode(Write("a.apng", 2, 3, 5, 7));
  EXPECT_EQ(apng.width, 7);
  EXPECT_EQ(apng.height, 5);
  EXPECT_EQ(Decode(Write("one.mp4", 1, 1, 1, 1)).pictures.size(), 1u);
  EXPECT_EQ(Decode(Write("one.apng", 1, 1, 1, 1)).pictures.size(), 1u);
}

TEST_F(Video, ApngKeepsAlphaAndPlaysForEver) {
  const fs::path path = folder_ / "a.apng";
  const auto frame = [](int64_t i) {
    Tensor made = Frame(4, 4, 4, i);
    for (size_t p = 48; p < 64; ++p) made.floats()[p] = 0.2f;
    return made;
  };
  WriteAnimation(path, 3, frame, {.open_video = OpenVideo});
  EXPECT_EQ(Decode(path).pictures[2][3], 51);
  const std::string bytes = BytesOf(path);
  const size_t control = bytes.find("acTL");
  ASSERT_NE(control, std::string::npos);
  EXPECT_EQ(bytes.substr(control + 4, 8), std::string("\0\0\0\3\0\0\0\0", 8));
  // In an MP4 white shows through.
  WriteAnimation(folder_ / "a.mp4", 3, frame, {.open_video = OpenVideo});
  EXPECT_NEAR(Decode(folder_ / "a.mp4").pictures[0][0], 0.2 * 40 + 0.8 * 255, 4);
}

TEST_F(Video, IsTheSameEachTime) {
  for (const char* name : {"a.mp4", "a.apng"}) {
    const std::string first = BytesOf(Write(name, 20, 3, 24, 40));
    EXPECT_EQ(BytesOf(Write(name, 20, 3, 24, 40)), first) << name;
  }
}

TEST_F(Video, SaysThatAModelMadeIt) {
  for (const char* name : {"a.mp4", "a.apng"}) {
    const fs::path path = Write(name, 3, 3, 8, 8, {.provenance = Provenance::kSampled});
    EXPECT_NE(BytesOf(path).find("trainedAlgorithmicMedia"), std::string::npos);
    EXPECT_EQ(Decode(path).pictures.size(), 3u);
    EXPECT_EQ(BytesOf(Write(name, 3, 3, 8, 8)).find("trainedAlgorithmicMedia"), std::string::npos);
  }
}

TEST_F(Video, LeavesNothingBehindWhenItFails) {
  CancelFlag cancel;
  cancel.Cancel();
  for (const char* name : {"a.mp4", "a.apng"}) {
    const fs::path path = folder_ / name;
    EXPECT_THROW(Write(name, 2, 3, 8, 8, {.cancel = &cancel}), Error);
    EXPECT_THROW(Write(name, 2, 3, 1, 16'386), Error);
    const auto broken = [](int64_t i) {
      Tensor frame = Frame(3, 8, 8, i);
      if (i == 5) frame.floats()[7] = NAN;
      return frame;
    };
    EXPECT_THROW(WriteAnimation(path, 8, broken, {.open_video = OpenVideo}), Error);
    EXPECT_THROW(OpenVideo({.path = folder_ / "no" / name,
                            .format = name[2] == 'm' ? VideoFormat::kMp4 : VideoFormat::kApng,
                            .width = 8,
                            .height = 8}),
                 Error);
  }
  EXPECT_TRUE(fs::is_empty(folder_));
}

// No more than a name, whatever it looks like.
TEST_F(Video, WritesFilesAlone) {
  const fs::path before = fs::current_path();
  fs::current_path(folder_);
  for (const char* name : {"tcp:a.mp4", "concat:b.apng", "%d.mp4"}) {
    WriteAnimation(name, 2, [](int64_t i) { return Frame(3, 4, 4, i); }, {.open_video = OpenVideo});
    EXPECT_TRUE(fs::exists(folder_ / name)) << name;
  }
  fs::current_path(before);
}

// As the doctor says it: what it names can be opened.
TEST_F(Video, SaysWhatItCanWrite) {
  const std::string text = DescribeVideo();
  EXPECT_TRUE(text.starts_with("mp4 (libx264)") || text.starts_with("mp4 (mpeg4)")) << text;
  EXPECT_TRUE(text.ends_with(", apng")) << text;
}

// A disk that is full.
TEST_F(Video, TellsOfAFullDisk) {
  for (const VideoFormat format : {VideoFormat::kMp4, VideoFormat::kApng}) {
    try {
      const auto encoder = OpenVideo(
          {.path = "/dev/full", .name = "full", .format = format, .width = 64, .height = 64});
      std::vector<uint8_t> frame(64 * 64 * 3);
      for (size_t i = 0; i < frame.size(); ++i) frame[i] = static_cast<uint8_t>(i * 7919 >> 3);
      for (int i = 0; i < 5; ++i) encoder->Add(frame);
      encoder->Finish();
      ADD_FAILURE() << "no error";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kIo) << error.what();
    }
  }
}

}  // namespace
}  // namespace gan::core
