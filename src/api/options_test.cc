#include <gtest/gtest.h>

#include <set>
#include <string>

#include "gan/bench.h"
#include "gan/checkpoint.h"
#include "gan/engine.h"
#include "gan/error.h"
#include "gan/sample.h"
#include "gan/upscale.h"

namespace gan {
namespace {

template <class Options>
void Set(std::span<const Option<Options>> list, Options& options, std::string_view name,
         std::string_view text) {
  for (const Option<Options>& option : list) {
    if (name == option.name) return option.set(options, text);
  }
  FAIL() << "no option " << name;
}

// Names are unique, help is one line that fits a terminal, and nonsense is refused as usage.
template <class Options>
void ExpectSound(std::span<const Option<Options>> list) {
  std::set<std::string> names;
  for (const Option<Options>& option : list) {
    SCOPED_TRACE(option.name);
    EXPECT_TRUE(names.insert(option.name).second);
    EXPECT_LE(std::string(option.help).size(), 100u);
    EXPECT_EQ(std::string(option.help).find('\n'), std::string::npos);
    const std::string value = option.value;
    const std::set<std::string> any_text{"NAME", "NAME|all", "TEXT", "MODEL", "FAMILY", "FILE"};
    if (any_text.contains(value)) continue;
    Options options;
    try {
      option.set(options, "\x01nonsense");
      ADD_FAILURE() << "accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUsage);
      EXPECT_EQ(std::string(error.what()).rfind(std::string("[--") + option.name, 0), 0u)
          << error.what();
    }
  }
}

TEST(Options, EveryListIsSound) {
  ExpectSound(EngineOptionList());
  ExpectSound(LoadOptionList());
  ExpectSound(UpscaleOptionList());
  ExpectSound(SampleOptionList());
  ExpectSound(InspectOptionList());
  ExpectSound(BenchOptionList());
}

TEST(Options, SampleFieldsAreSet) {
  SampleOptions o;
  const auto set = [&](std::string_view name, std::string_view text) {
    Set(SampleOptionList(), o, name, text);
  };
  set("count", "7"), set("seed", "12345678901"), set("truncation", "0.5"), set("class", "all");
  set("per-class", "on"), set("grid", "5x3"), set("interpolate", "lerp"), set("frames", "9");
  set("frame-time", "40"), set("latents", "z.npy"), set("labels", "k.npy"), set("format", "webp");
  set("no-provenance", "on"), set("overwrite", "on");
  EXPECT_EQ(o.count, 7);
  EXPECT_EQ(o.seed, 12345678901u);
  EXPECT_EQ(o.truncation, 0.5);
  EXPECT_EQ(o.which_class, "all");
  EXPECT_TRUE(o.per_class);
  EXPECT_EQ(o.columns, 5);
  EXPECT_EQ(o.rows, 3);
  EXPECT_EQ(o.interpolation, SampleOptions::Interpolation::kLinear);
  EXPECT_EQ(o.frames, 9);
  EXPECT_EQ(o.frame_milliseconds, 40);
  EXPECT_EQ(o.latents, "z.npy");
  EXPECT_EQ(o.labels, "k.npy");
  EXPECT_EQ(o.format, "webp");
  EXPECT_FALSE(o.provenance);
  EXPECT_TRUE(o.overwrite);
}

TEST(Options, EngineFieldsAreSet) {
  EngineOptions o;
  Set(EngineOptionList(), o, "device", "torch");
  Set(EngineOptionList(), o, "threads", "3");
  Set(EngineOptionList(), o, "precision", "bf16");
  EXPECT_EQ(o.precision, Precision::kBf16);
  Set(EngineOptionList(), o, "precision", "fp32");
  Set(EngineOptionList(), o, "max-memory", "512M");
  Set(EngineOptionList(), o, "cpu-target", "avx2");
  EXPECT_EQ(o.device, Device::kTorch);
  EXPECT_EQ(o.threads, 3);
  EXPECT_EQ(o.precision, Precision::kFp32);
  EXPECT_EQ(o.max_memory, uint64_t{512} << 20);
  EXPECT_EQ(o.cpu_target, "avx2");
}

TEST(Options, TilesAreWordsOrPixels) {
  using Tiles = UpscaleOptions::Tiles;
  UpscaleOptions o;
  Set(UpscaleOptionList(), o, "tile", "exact");
  EXPECT_EQ(o.tiles, Tiles::kExact);
  Set(UpscaleOptionList(), o, "tile", "off");
  EXPECT_EQ(o.tiles, Tiles::kOff);
  Set(UpscaleOptionList(), o, "tile", "128");
  EXPECT_EQ(o.tiles, Tiles::kFixed);
  EXPECT_EQ(o.tile_size, 128);
  EXPECT_THROW(Set(UpscaleOptionList(), o, "tile", "1"), Error);
}

TEST(Options, UpscaleFieldsAreSet) {
  UpscaleOptions o;
  Set(UpscaleOptionList(), o, "scale", "2.5");
  Set(UpscaleOptionList(), o, "format", "webp");
  Set(UpscaleOptionList(), o, "bits", "16");
  Set(UpscaleOptionList(), o, "tiff-compression", "lzw");
  Set(UpscaleOptionList(), o, "alpha", "lanczos");
  Set(UpscaleOptionList(), o, "no-provenance", "on");
  Set(UpscaleOptionList(), o, "recursive", "on");
  EXPECT_EQ(o.scale, 2.5);
  EXPECT_EQ(o.format, "webp");
  EXPECT_EQ(o.bits, 16);
  EXPECT_EQ(o.tiff_compression, "lzw");
  EXPECT_EQ(o.alpha, UpscaleOptions::Alpha::kLanczos);
  EXPECT_FALSE(o.provenance);
  EXPECT_TRUE(o.recursive);
}

TEST(Options, SizesOfANetworkAddUp) {
  BenchOptions o;
  Set(BenchOptionList(), o, "set", "num_block=6");
  Set(BenchOptionList(), o, "set", "num_feat=32");
  Set(BenchOptionList(), o, "size", "320x200");
  EXPECT_EQ(o.sizes, (std::map<std::string, int64_t>{{"num_block", 6}, {"num_feat", 32}}));
  EXPECT_EQ(o.width, 320);
  EXPECT_EQ(o.height, 200);
  for (const char* text : {"num_block", "num_block=", "=3x", "num_block=x"})
    EXPECT_THROW(Set(BenchOptionList(), o, "set", text), Error) << text;
}

}  // namespace
}  // namespace gan
