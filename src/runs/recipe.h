// What a training run is told: a TOML file, checked, with a default for everything.
#ifndef GAN_RUNS_RECIPE_H_
#define GAN_RUNS_RECIPE_H_

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gan::core {

// Each member struct is the section of that name. What the fields mean, their units, bounds and
// choices stand once, in recipe_fields.cc; the defaults stand here.
struct Recipe {
  std::string name;

  struct Data {
    std::string path;
    std::string labels = "auto";
    std::string split = "train";
    std::string fit = "cover";
    int64_t size = 0;
    int channels = 0;
    bool mirror = false;
    int64_t limit = 0;
    int64_t limit_per_class = 0;
    int threads = 1;
    bool operator==(const Data&) const = default;
  } data;

  struct Network {
    std::string family = "dcgan";
    bool conditional = false;
    int64_t latent = 128;
    int64_t generator_width = 64;
    int64_t discriminator_width = 64;
    bool attention = false;
    bool spectral_norm = false;  // of the discriminator
    bool generator_spectral_norm = false;
    double dropout = 0;
    std::string init = "family";
    std::string norm = "auto";  // of the generator
    std::string discriminator_norm = "auto";
    bool operator==(const Network&) const = default;
  } network;

  struct Loss {
    std::string adversarial = "non-saturating";
    bool relativistic = false;
    bool operator==(const Loss&) const = default;
  } loss;

  struct Regularisers {
    double gradient_penalty = 0;
    double gradient_penalty_centre = 1;
    int64_t gradient_penalty_every = 1;
    double r1 = 0;
    double r2 = 0;
    int64_t r1_every = 1;
    int64_t r2_every = 1;
    double lecam = 0;
    double lecam_decay = 0.99;
    bool operator==(const Regularisers&) const = default;
  } regularisers;

  struct Augment {
    std::string policy = "none";
    std::vector<std::string> operations;  // none: all that the policy has
    double ada_target = 0.6;
    int64_t ada_images = 500'000;
    double probability = 1;
    bool operator==(const Augment&) const = default;
  } augment;

  struct Optimiser {
    std::string kind = "adam";
    double learning_rate = 2e-4;
    double beta1 = 0.5;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weight_decay = 0;
    bool operator==(const Optimiser&) const = default;
  } generator, discriminator;

  struct Schedule {
    std::string kind = "constant";
    int64_t warmup = 0;
    double final = 0;
    bool operator==(const Schedule&) const = default;
  } schedule;

  struct Ema {
    int64_t half_life = 10'000;
    double ramp_up = 0.05;
    bool operator==(const Ema&) const = default;
  } ema;

  struct Train {
    int64_t images = 1'000'000;
    int64_t batch = 64;
    int64_t seed = 1;
    int64_t discriminator_steps = 1;
    int64_t accumulate = 1;
    std::string precision = "fp32";
    double clip_gradient = 0;
    int threads = 0;
    bool operator==(const Train&) const = default;
  } train;

  struct Evaluate {
    int64_t every = 0;
    int64_t samples = 2000;
    std::vector<std::string> metrics = {"fid", "coverage"};
    std::string features = "auto";
    std::string best = "fid";
    int64_t neighbours = 5;
    bool operator==(const Evaluate&) const = default;
  } evaluate;

  struct Output {
    int64_t grid_every = 0;
    int64_t checkpoint_every = 0;
    int64_t keep = 3;
    int64_t milestones = 0;
    int64_t grid = 8;
    int64_t log_every = 0;
    bool operator==(const Output&) const = default;
  } output;

  struct Guard {
    std::string action = "warn";
    int64_t window = 10'000;
    int64_t non_finite_steps = 5;
    double lower_rate = 0.5;
    int64_t rollbacks = 3;
    double winning_accuracy = 0.99;
    double vanishing_gradient = 0.05;
    double exploding_gradient = 100;
    double diversity = 0.25;
    double coverage_fall = 0.5;
    double memorised = 0.5;
    int64_t stuck = 200'000;
    bool operator==(const Guard&) const = default;
  } guard;

  bool operator==(const Recipe&) const = default;
};

// Reads and checks each field; combinations and what the data must have are for the caller.
// `overrides` are "section.key=value", applied in order after the file. A relative data.path is
// relative to the folder of the file, one in an override to the working folder; nothing in it is
// expanded. A recipe without a name gets that of its file.
//
// Error kNoInput: no such file. Error kConfiguration: anything in the file or an override, as
// `[recipe] mnist.toml:12: "train.batch" wants a whole number from 1 to 65536, got "many"`.
Recipe ReadRecipe(const std::filesystem::path& path, std::span<const std::string> overrides = {});

// The same of a text. `name` is the file's in messages; paths stay as they are.
Recipe ParseRecipe(std::string_view text, std::string_view name);

// One override, "section.key=value": the value as TOML has it, but text needs no quotes and a list
// may be "a,b". Error kConfiguration.
void SetField(Recipe& recipe, std::string_view assignment);

// All of the recipe as TOML with a comment on each field: the same bytes for the same recipe, and
// ParseRecipe makes an equal one of them.
std::string RecipeText(const Recipe& recipe);

}  // namespace gan::core

#endif  // GAN_RUNS_RECIPE_H_
