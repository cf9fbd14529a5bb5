#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "api/testing_files.h"
#include "gan/gan.h"
#include "gan/version.h"
#include "media/picture.h"
#include "models/stylegan2/testing_saved.h"

namespace gan {
namespace {

using testing::TemporaryFolder;
using testing::WriteCompact;

std::string Take(char* text) {
  std::string copy = text == nullptr ? "" : text;
  gan_string_free(text);
  return copy;
}

struct Loaded {
  explicit Loaded(const std::string& path) {
    EXPECT_EQ(gan_model_load(path.c_str(), nullptr, &model), GAN_OK) << gan_last_error();
  }
  ~Loaded() { gan_model_free(model); }
  gan_model* model = nullptr;
};

TEST(CApi, VersionIsTheLibrarys) { EXPECT_STREQ(gan_version(), Version()); }

TEST(CApi, LoadsDescribesAndRuns) {
  const TemporaryFolder folder;
  const Loaded loaded(WriteCompact(folder / "x.safetensors"));
  char* json = nullptr;
  ASSERT_EQ(gan_model_info(loaded.model, &json), GAN_OK);
  EXPECT_NE(Take(json).find("\"family\":\"compact\""), std::string::npos);

  const int64_t shape[4] = {1, 3, 2, 5};
  const std::vector<float> values(30, 0.5f);
  gan_array output = {};
  ASSERT_EQ(gan_model_run(loaded.model, values.data(), shape, 4, &output), GAN_OK);
  ASSERT_EQ(output.rank, 4u);
  EXPECT_EQ(output.shape[2], 4);
  EXPECT_EQ(output.shape[3], 10);
  gan_array_clear(&output);
  EXPECT_EQ(output.values, nullptr);
}

TEST(CApi, ErrorsAreStatusAndLine) {
  gan_model* model = nullptr;
  EXPECT_EQ(gan_model_load("/nonexistent/x.pth", nullptr, &model), GAN_NO_INPUT);
  EXPECT_EQ(model, nullptr);
  EXPECT_NE(std::strstr(gan_last_error(), "/nonexistent/x.pth"), nullptr);
  EXPECT_EQ(gan_model_load(nullptr, nullptr, &model), GAN_USAGE);
  EXPECT_EQ(gan_model_load("x", nullptr, nullptr), GAN_USAGE);
  EXPECT_EQ(gan_model_info(nullptr, nullptr), GAN_USAGE);
  EXPECT_EQ(gan_inspect("x", nullptr, nullptr), GAN_NO_INPUT);
}

TEST(CApi, ShapesAreChecked) {
  const TemporaryFolder folder;
  const Loaded loaded(WriteCompact(folder / "x.safetensors"));
  const float value = 0;
  gan_array output = {};
  const int64_t negative[2] = {1, -1};
  const int64_t huge[4] = {INT64_MAX, INT64_MAX, 2, 2};
  EXPECT_EQ(gan_model_run(loaded.model, &value, negative, 2, &output), GAN_USAGE);
  EXPECT_EQ(gan_model_run(loaded.model, &value, huge, 4, &output), GAN_USAGE);
  EXPECT_EQ(gan_model_run(loaded.model, &value, nullptr, 4, &output), GAN_USAGE);
}

TEST(CApi, OptionsGoByTheirNames) {
  gan_options* options = gan_options_new();
  EXPECT_EQ(gan_options_set(options, "threads", "2"), GAN_OK);
  EXPECT_EQ(gan_options_set(options, "tile", "exact"), GAN_OK);
  EXPECT_EQ(gan_options_set(options, "size", "32"), GAN_OK);
  EXPECT_EQ(gan_options_set(options, "threads", "many"), GAN_USAGE);
  EXPECT_EQ(gan_options_set(options, "no-such", "1"), GAN_USAGE);
  EXPECT_NE(std::strstr(gan_last_error(), "no-such"), nullptr);
  EXPECT_EQ(gan_options_set(nullptr, "threads", "1"), GAN_USAGE);
  gan_options_free(options);
  gan_options_free(nullptr);
}

// Counts calls, and cancels when told to.
struct Watch {
  int calls = 0;
  bool stop = false;
};
int OnProgress(void* user, size_t, size_t, double) {
  Watch& watch = *static_cast<Watch*>(user);
  ++watch.calls;
  return watch.stop ? 1 : 0;
}

TEST(CApi, EnlargesPictures) {
  const TemporaryFolder folder;
  const Loaded loaded(WriteCompact(folder / "x.safetensors"));
  const std::string in = folder / "in.png";
  const std::string out = folder / "out.png";
  core::WritePicture(in, core::Tensor::Zeros(core::DType::kF32, {3, 9, 12}), {});

  Watch watch;
  char* report = nullptr;
  const char* inputs[] = {in.c_str()};
  ASSERT_EQ(gan_upscale(loaded.model, inputs, 1, out.c_str(), nullptr, OnProgress, &watch, &report),
            GAN_OK)
      << gan_last_error();
  EXPECT_NE(Take(report).find("\"width\":24"), std::string::npos);
  EXPECT_EQ(core::PictureReader(out).info().height, 18);
  EXPECT_GT(watch.calls, 0);

  // One that is missing does not stop the other, and gives its status.
  const std::string missing = folder / "missing.png";
  const char* both[] = {missing.c_str(), in.c_str()};
  const std::string outs = folder / "outs";
  EXPECT_EQ(gan_upscale(loaded.model, both, 2, outs.c_str(), nullptr, nullptr, nullptr, &report),
            GAN_NO_INPUT);
  const std::string results = Take(report);
  EXPECT_NE(results.find("\"failed\""), std::string::npos);
  EXPECT_NE(results.find("\"done\""), std::string::npos);
}

// A pix2pix deep enough to have dropout, run on grey with these options.
std::vector<float> Translated(const std::string& path, const char* dropout, const char* seed) {
  gan_options* options = gan_options_new();
  EXPECT_EQ(gan_options_set(options, "dropout", dropout), GAN_OK) << gan_last_error();
  EXPECT_EQ(gan_options_set(options, "seed", seed), GAN_OK);
  gan_model* model = nullptr;
  EXPECT_EQ(gan_model_load(path.c_str(), options, &model), GAN_OK) << gan_last_error();
  gan_options_free(options);
  const int64_t shape[4] = {1, 3, 64, 64};
  const std::vector<float> values(3 * 64 * 64, 0.5f);
  gan_array output = {};
  EXPECT_EQ(gan_model_run(model, values.data(), shape, 4, &output), GAN_OK) << gan_last_error();
  const std::vector<float> out(output.values, output.values + 3 * 64 * 64);
  gan_array_clear(&output);
  gan_model_free(model);
  return out;
}

TEST(CApi, LeavesNumbersOutByTheSeed) {
  const TemporaryFolder folder;
  const std::string path = folder / "p.safetensors";
  core::WriteSafetensors(
      path, core::BuildRandom("pix2pix", {{"ngf", 2}, {"num_downs", 6}}, 1).parameters);
  const std::vector<float> plain = Translated(path, "off", "1");
  const std::vector<float> first = Translated(path, "on", "1");
  EXPECT_EQ(plain, Translated(path, "off", "2"));
  EXPECT_EQ(first, Translated(path, "on", "1"));
  EXPECT_NE(first, plain);
  EXPECT_NE(first, Translated(path, "on", "2"));

  gan_options* options = gan_options_new();
  gan_options_set(options, "dropout", "on");
  gan_model* model = nullptr;
  EXPECT_EQ(gan_model_load(WriteCompact(folder / "x.safetensors").c_str(), options, &model),
            GAN_USAGE);
  EXPECT_NE(std::strstr(gan_last_error(), "no dropout"), nullptr) << gan_last_error();
  gan_options_free(options);
}

class CApiOfStyles : public ::testing::Test {
 protected:
  using Choice = std::vector<std::pair<const char*, const char*>>;

  CApiOfStyles() {
    const core::Model model = core::BuildRandom(
        "stylegan2", {{"size", 16}, {"latent", 6}, {"style", 5}, {"mapping", 2}, {"base", 64}}, 3);
    core::WriteSafetensors(path_, core::testing::SavedStyleGan(model.parameters));
  }

  static gan_options* Options(const Choice& choice) {
    gan_options* options = gan_options_new();
    EXPECT_EQ(gan_options_set(options, "seed", "5"), GAN_OK);
    EXPECT_EQ(gan_options_set(options, "count", "1"), GAN_OK);
    for (const auto& [name, value] : choice) {
      EXPECT_EQ(gan_options_set(options, name, value), GAN_OK) << gan_last_error();
    }
    return options;
  }

  // The picture of a model that was loaded with one choice and sampled with another.
  std::vector<float> Drawn(const Choice& load, const Choice& sample) {
    gan_options *loading = Options(load), *sampling = Options(sample);
    gan_model* model = nullptr;
    EXPECT_EQ(gan_model_load(path_.c_str(), loading, &model), GAN_OK) << gan_last_error();
    const std::string output = folder_ / "drawn.png";
    EXPECT_EQ(gan_sample(model, output.c_str(), sampling, nullptr, nullptr, nullptr), GAN_OK)
        << gan_last_error();
    gan_model_free(model);
    gan_options_free(loading), gan_options_free(sampling);
    const core::Tensor picture = core::ReadPicture(output);
    return {picture.floats().begin(), picture.floats().end()};
  }

  TemporaryFolder folder_;
  std::string path_ = folder_ / "s.safetensors";
};

TEST_F(CApiOfStyles, HoldFromTheLoadOnOrForOneSheet) {
  const Choice psi = {{"truncation", "0.5"}};
  const Choice coarse = {{"truncation", "0.5"}, {"truncation-cutoff", "2"}};
  const Choice noise = {{"noise", "random"}, {"noise-seed", "3"}};
  const auto plain = Drawn({}, {});
  EXPECT_NE(Drawn({}, psi), plain);
  EXPECT_NE(Drawn({}, coarse), plain);
  EXPECT_NE(Drawn({}, coarse), Drawn({}, psi));
  EXPECT_NE(Drawn({}, noise), plain);
  EXPECT_NE(Drawn({}, noise), Drawn({}, {{"noise", "random"}, {"noise-seed", "4"}}));
  for (const Choice& choice : {psi, coarse, noise}) {
    EXPECT_EQ(Drawn(choice, {}), Drawn({}, choice));
    EXPECT_EQ(Drawn(choice, choice), Drawn({}, choice));
  }
  // Psi by itself keeps the rest; anything else takes the place of all.
  EXPECT_EQ(Drawn({{"truncation", "0.9"}, {"truncation-cutoff", "2"}}, psi), Drawn({}, coarse));
  EXPECT_EQ(Drawn(coarse, noise), Drawn({}, noise));
}

TEST_F(CApiOfStyles, OtherNetworksHaveNoNoise) {
  const std::string other = WriteCompact(folder_ / "x.safetensors");
  gan_options* options = Options({{"truncation", "0.5"}});
  gan_model* model = nullptr;
  EXPECT_EQ(gan_model_load(other.c_str(), options, &model), GAN_OK) << gan_last_error();
  gan_model_free(model);
  EXPECT_EQ(gan_options_set(options, "noise", "loud"), GAN_USAGE);
  EXPECT_EQ(gan_options_set(options, "noise", "off"), GAN_OK);
  EXPECT_EQ(gan_model_load(other.c_str(), options, &model), GAN_USAGE);
  gan_options_free(options);
}

TEST(CApi, ReportsAreJson) {
  const TemporaryFolder folder;
  const std::string path = WriteCompact(folder / "x.safetensors");
  char* json = nullptr;
  ASSERT_EQ(gan_inspect(path.c_str(), nullptr, &json), GAN_OK);
  EXPECT_EQ(Take(json).front(), '{');
  const std::string copy = folder / "y.safetensors";
  EXPECT_EQ(gan_convert(path.c_str(), copy.c_str(), nullptr, nullptr), GAN_OK);
  ASSERT_EQ(gan_doctor(nullptr, &json), GAN_OK);
  EXPECT_NE(Take(json).find("cpu_target"), std::string::npos);

  gan_options* options = gan_options_new();
  gan_options_set(options, "model", path.c_str());
  gan_options_set(options, "size", "16");
  gan_options_set(options, "runs", "1");
  ASSERT_EQ(gan_bench(options, &json), GAN_OK) << gan_last_error();
  EXPECT_NE(Take(json).find("gflops"), std::string::npos);
  gan_options_free(options);
}

}  // namespace
}  // namespace gan
