#include "runs/recipe_rules.h"

#include <algorithm>
#include <bit>

#include "base/error.h"
#include "runs/recipe_fields.h"

namespace gan::core {
namespace {

using Device = TrainingDevice;

bool Contains(const std::vector<std::string>& list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

bool OperationsOutside(const Recipe& recipe, std::span<const std::string_view> allowed) {
  return std::any_of(recipe.augment.operations.begin(), recipe.augment.operations.end(),
                     [&](const std::string& operation) {
                       return std::find(allowed.begin(), allowed.end(), operation) == allowed.end();
                     });
}

constexpr std::string_view kDiffAugment[] = {"color", "translation", "cutout"};
constexpr std::string_view kAda[] = {"flip",   "rotate90", "translate", "scale",
                                     "rotate", "color",    "cutout"};

// clang-format off
constexpr RecipeRule kRules[] = {
    {"`data.path` empty",
     "there is nothing to train on: name the pictures in the recipe, or with --data PATH",
     [](const Recipe& r, Device) { return r.data.path.empty(); }},
    {"`data.limit` with `data.limit_per_class`",
     "both say how many pictures to use: keep one",
     [](const Recipe& r, Device) { return r.data.limit > 0 && r.data.limit_per_class > 0; }},
    {"`data.size` that is neither 28 nor a power of two from 16 to 256",
     "no family makes such pictures",
     [](const Recipe& r, Device) {
       const int64_t size = r.data.size;
       return size != 0 && size != 28 &&
              (size < 16 || size > 256 || !std::has_single_bit(static_cast<uint64_t>(size)));
     }},
    {"`network.conditional` with `data.labels = \"none\"`",
     "a conditional network needs classes: let the labels in, or set network.conditional = false",
     [](const Recipe& r, Device) { return r.network.conditional && r.data.labels == "none"; }},
    {"`network.attention` with a family other than `resnet-gan`",
     "only the residual networks have a place for it (Zhang et al. 2019): use network.family = \"resnet-gan\"",
     [](const Recipe& r, Device) { return r.network.attention && r.network.family != "resnet-gan"; }},
    {"`network.norm` or `network.discriminator_norm = \"batch\"` with the family `r3gan`",
     "that family is made to train without normalisation (Huang et al. 2024): leave both at \"auto\"",
     [](const Recipe& r, Device) {
       return r.network.family == "r3gan" &&
              (r.network.norm == "batch" || r.network.discriminator_norm == "batch");
     }},
    {"`network.init = \"fixup\"` with the family `dcgan`",
     "Fixup sets residual branches to zero and this family has none: nothing but zeros would come out",
     [](const Recipe& r, Device) { return r.network.init == "fixup" && r.network.family == "dcgan"; }},
    {"`network.spectral_norm` with `network.discriminator_norm = \"batch\"`",
     "batch norm scales up again what spectral norm has bounded: set network.discriminator_norm = \"none\"",
     [](const Recipe& r, Device) { return r.network.spectral_norm && r.network.discriminator_norm == "batch"; }},
    {"a gradient penalty, R1 or R2 with `network.discriminator_norm = \"batch\"`",
     "they penalise the gradient of one picture, and with batch norm D(x) depends on the whole batch (Gulrajani et al. 2017): set network.discriminator_norm = \"none\"",
     [](const Recipe& r, Device) { return HasGradientPenalty(r) && r.network.discriminator_norm == "batch"; }},
    {"`loss.adversarial = \"wasserstein\"` with neither `regularisers.gradient_penalty` nor `network.spectral_norm`",
     "nothing keeps the discriminator Lipschitz, so its loss has no bound: set regularisers.gradient_penalty = 10 or network.spectral_norm = true",
     [](const Recipe& r, Device) {
       return r.loss.adversarial == "wasserstein" && r.regularisers.gradient_penalty == 0 && !r.network.spectral_norm;
     }},
    {"`loss.relativistic` with `loss.adversarial = \"wasserstein\"`",
     "the Wasserstein loss is a difference of D(real) and D(fake) already, pairing changes nothing: drop loss.relativistic",
     [](const Recipe& r, Device) { return r.loss.relativistic && r.loss.adversarial == "wasserstein"; }},
    {"`regularisers.r1` or `r2` with a `gradient_penalty` centred away from 0",
     "one wants gradients of zero, the other of gradient_penalty_centre: keep one, or set the centre to 0",
     [](const Recipe& r, Device) {
       return r.regularisers.gradient_penalty > 0 && r.regularisers.gradient_penalty_centre != 0 &&
              (r.regularisers.r1 > 0 || r.regularisers.r2 > 0);
     }},
    {"`regularisers.lecam` with `loss.relativistic`",
     "LeCam pulls D(real) and D(fake) to running means, and pairing leaves their common level free to drift: use regularisers.r1",
     [](const Recipe& r, Device) { return r.regularisers.lecam > 0 && r.loss.relativistic; }},
    {"`augment.policy = \"ada\"` with `loss.relativistic` or the Wasserstein loss",
     "its controller reads the sign of D(real), which means nothing where only differences of D are trained: use augment.policy = \"diffaugment\"",
     [](const Recipe& r, Device) {
       return r.augment.policy == "ada" && (r.loss.relativistic || r.loss.adversarial == "wasserstein");
     }},
    {"`augment.operations` with `augment.policy = \"none\"`",
     "nothing would apply them: choose augment.policy = \"diffaugment\" or \"ada\"",
     [](const Recipe& r, Device) { return r.augment.policy == "none" && !r.augment.operations.empty(); }},
    {"`augment.operations` of the other policy",
     "diffaugment has color, translation, cutout; ada has flip, rotate90, translate, scale, rotate, color, cutout",
     [](const Recipe& r, Device) {
       return (r.augment.policy == "diffaugment" && OperationsOutside(r, kDiffAugment)) ||
              (r.augment.policy == "ada" && OperationsOutside(r, kAda));
     }},
    {"`train.accumulate` that does not divide `train.batch`",
     "the pieces of a batch must be equally large",
     [](const Recipe& r, Device) { return r.train.batch % r.train.accumulate != 0; }},
    {"`schedule.warmup` of all of `train.images` or more",
     "the full rate would never be reached",
     [](const Recipe& r, Device) { return r.schedule.warmup >= r.train.images; }},
    {"a learning rate of 0",
     "that network would never learn: set generator.learning_rate and discriminator.learning_rate above 0",
     [](const Recipe& r, Device) { return r.generator.learning_rate == 0 || r.discriminator.learning_rate == 0; }},
    {"`evaluate.best` that is not in `evaluate.metrics`",
     "the best generator is picked by a figure that must be measured: add it to evaluate.metrics",
     [](const Recipe& r, Device) {
       return !r.evaluate.metrics.empty() && !Contains(r.evaluate.metrics, r.evaluate.best);
     }},
    {"`evaluate.neighbours` of `evaluate.samples` or more",
     "there are not as many neighbours to look at",
     [](const Recipe& r, Device) { return r.evaluate.neighbours >= r.evaluate.samples; }},
    {"`train.precision = \"fp16\"` on a processor",
     "LibTorch has no such arithmetic there: use \"fp32\", or \"bf16\" where the processor has it",
     [](const Recipe& r, Device device) { return r.train.precision == "fp16" && device == Device::kProcessor; }},
    {"a gradient penalty, R1 or R2 with `train.precision = \"bf16\"` on a processor",
     "LibTorch cannot differentiate its bf16 gradients there: use train.precision = \"fp32\"",
     [](const Recipe& r, Device device) {
       return r.train.precision == "bf16" && HasGradientPenalty(r) && device == Device::kProcessor;
     }},
};
// clang-format on

// What a checkpoint is made for; a section alone stands for all of its fields.
constexpr std::string_view kFixed[] = {"network", "data.size", "data.channels", "generator.kind",
                                       "discriminator.kind"};

bool IsFixed(const RecipeField& field) {
  return std::any_of(std::begin(kFixed), std::end(kFixed), [&](std::string_view fixed) {
    return fixed == field.section || fixed == field.name();
  });
}

// Backquotes are for the document.
std::string Plain(std::string_view text) {
  std::string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out), [](char c) { return c != '`'; });
  return out;
}

}  // namespace

std::span<const RecipeRule> RecipeRules() { return kRules; }

void CheckCombinations(const Recipe& recipe, TrainingDevice device) {
  for (const RecipeRule& rule : RecipeRules()) {
    if (rule.broken(recipe, device)) {
      Fail(ErrorCode::kConfiguration, "recipe", "{}: {}: {}", Printable(recipe.name),
           Plain(rule.refused), rule.reason);
    }
  }
}

bool HasGradientPenalty(const Recipe& recipe) {
  const Recipe::Regularisers& all = recipe.regularisers;
  return all.gradient_penalty > 0 || all.r1 > 0 || all.r2 > 0;
}

bool GeneratorHasBatchNorm(const Recipe& recipe) {
  if (recipe.network.norm != "auto") return recipe.network.norm == "batch";
  return recipe.network.family != "r3gan";
}

bool DiscriminatorHasBatchNorm(const Recipe& recipe) {
  if (recipe.network.discriminator_norm != "auto") {
    return recipe.network.discriminator_norm == "batch";
  }
  return recipe.network.family == "dcgan" && !recipe.network.spectral_norm &&
         !HasGradientPenalty(recipe);
}

void FailWithoutLabels(const Recipe& recipe) {
  Fail(ErrorCode::kBadData, Printable(recipe.data.path, 500),
       "network.conditional wants classes, and data.labels = \"{}\" finds none: sort the pictures "
       "into a folder per class, add labels.csv, or set network.conditional = false",
       recipe.data.labels);
}

void CheckPictureCount(const Recipe& recipe, int64_t pictures) {
  // Fewer than a handful is a mistake in the path far more often than a wish.
  constexpr int64_t kFewest = 2;
  if (pictures >= kFewest) return;
  Fail(ErrorCode::kBadData, Printable(recipe.data.path, 500),
       "has {} picture{}, training wants at least {}; is data.path the right folder?", pictures,
       pictures == 1 ? "" : "s", kFewest);
}

std::vector<std::string> ChangedFields(const Recipe& before, const Recipe& after) {
  std::vector<std::string> changed;
  for (const RecipeField& field : RecipeFields()) {
    const std::string was = ValueText(field, before), is = ValueText(field, after);
    if (was != is) changed.push_back(fmt::format("{} = {} (was {})", field.name(), is, was));
  }
  return changed;
}

void CheckContinues(const Recipe& before, const Recipe& after) {
  for (const RecipeField& field : RecipeFields()) {
    const std::string was = ValueText(field, before), is = ValueText(field, after);
    if (was == is || !IsFixed(field)) continue;
    Fail(ErrorCode::kConfiguration, "recipe",
         "\"{}\" is {} in the run's checkpoints and cannot become {}: begin a new run",
         field.name(), Printable(was), Printable(is));
  }
}

std::string RecipeRuleTable() {
  std::string out = "| refused | why |\n|---|---|\n";
  for (const RecipeRule& rule : RecipeRules()) {
    out += fmt::format("| {} | {} |\n", rule.refused, rule.reason);
  }
  return out;
}

}  // namespace gan::core
