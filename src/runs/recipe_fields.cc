#include "runs/recipe_fields.h"

#include <algorithm>
#include <array>
#include <limits>

#include "base/error.h"

namespace gan::core {
namespace {

// clang-format off
constexpr std::array kLabels = {
    RecipeChoice{"auto", "whatever the data set has", ""},
    RecipeChoice{"folders", "a subfolder is a class", ""},
    RecipeChoice{"csv", "`labels.csv` beside the pictures", ""},
    RecipeChoice{"none", "no labels, even where there are some", ""}};
constexpr std::array kFits = {
    RecipeChoice{"cover", "fill the square, cut what stands over", ""},
    RecipeChoice{"contain", "fit all of the picture, fill the border", ""},
    RecipeChoice{"stretch", "change the shape of the picture", ""}};
constexpr std::array kFamilies = {
    RecipeChoice{"dcgan", "strided convolutions with batch norm", "Radford et al. 2016, arXiv:1511.06434"},
    RecipeChoice{"resnet-gan", "residual blocks, projection discriminator, class-conditional batch norm", "Miyato et al. 2018, arXiv:1802.05957; Miyato & Koyama 2018, arXiv:1802.05637"},
    RecipeChoice{"r3gan", "modern residual blocks without normalisation", "Huang et al. 2024, arXiv:2501.05441"}};
constexpr std::array kInits = {
    RecipeChoice{"family", "what the family's paper has", ""},
    RecipeChoice{"normal", "normal with deviation 0.02", "Radford et al. 2016, arXiv:1511.06434"},
    RecipeChoice{"xavier", "uniform by fan-in and fan-out", "Glorot & Bengio 2010"},
    RecipeChoice{"he", "normal by fan-in", "He et al. 2015, arXiv:1502.01852"},
    RecipeChoice{"orthogonal", "orthogonal rows", "Saxe et al. 2014, arXiv:1312.6120"},
    RecipeChoice{"fixup", "residual branches start at zero", "Zhang et al. 2019, arXiv:1901.09321"}};
constexpr std::array kNorms = {
    RecipeChoice{"auto", "the family's own; in a discriminator none beside spectral norm or a gradient penalty", ""},
    RecipeChoice{"batch", "batch norm", "Ioffe & Szegedy 2015, arXiv:1502.03167"},
    RecipeChoice{"none", "no normalisation", ""}};
constexpr std::array kLosses = {
    RecipeChoice{"non-saturating", "logistic loss; the generator maximises log D(fake)", "Goodfellow et al. 2014, arXiv:1406.2661"},
    RecipeChoice{"hinge", "hinge loss", "Lim & Ye 2017, arXiv:1705.02894"},
    RecipeChoice{"least-squares", "squared distance to the targets", "Mao et al. 2017, arXiv:1611.04076"},
    RecipeChoice{"wasserstein", "difference of the means; wants a Lipschitz discriminator", "Arjovsky et al. 2017, arXiv:1701.07875"}};
constexpr std::array kPolicies = {
    RecipeChoice{"none", "the discriminator sees pictures as they are", ""},
    RecipeChoice{"diffaugment", "a fixed set of differentiable changes on real and made pictures", "Zhao et al. 2020, arXiv:2006.10738"},
    RecipeChoice{"ada", "changes whose probability follows the overfitting of the discriminator", "Karras et al. 2020, arXiv:2006.06676"}};
constexpr std::array kOperations = {
    RecipeChoice{"color", "brightness, saturation, contrast (diffaugment and ada)", ""},
    RecipeChoice{"translation", "shift by up to an eighth (diffaugment)", ""},
    RecipeChoice{"cutout", "a grey square of half the size (diffaugment and ada)", ""},
    RecipeChoice{"flip", "mirror left and right (ada)", ""},
    RecipeChoice{"rotate90", "turn by quarters (ada)", ""},
    RecipeChoice{"translate", "shift (ada)", ""},
    RecipeChoice{"scale", "zoom (ada)", ""},
    RecipeChoice{"rotate", "turn by any angle (ada)", ""}};
constexpr std::array kOptimisers = {
    RecipeChoice{"adam", "", "Kingma & Ba 2015, arXiv:1412.6980"},
    RecipeChoice{"adamw", "Adam whose weight decay is apart from the gradient", "Loshchilov & Hutter 2019, arXiv:1711.05101"},
    RecipeChoice{"rmsprop", "", "Tieleman & Hinton 2012"},
    RecipeChoice{"sgd", "beta1 is its momentum", ""}};
constexpr std::array kSchedules = {
    RecipeChoice{"constant", "", ""},
    RecipeChoice{"linear", "falls evenly to the share `schedule.final`", ""},
    RecipeChoice{"cosine", "falls along half a cosine to that share", "Loshchilov & Hutter 2017, arXiv:1608.03983"}};
constexpr std::array kPrecisions = {
    RecipeChoice{"fp32", "", ""},
    RecipeChoice{"bf16", "autocast", "Kalamkar et al. 2019, arXiv:1905.12322"},
    RecipeChoice{"fp16", "autocast with scaled losses; GPU alone", "Micikevicius et al. 2018, arXiv:1710.03740"}};
constexpr std::array kMetrics = {
    RecipeChoice{"fid", "Fréchet distance of features; less is better", "Heusel et al. 2017, arXiv:1706.08500"},
    RecipeChoice{"kid", "kernel distance of features; less is better", "Bińkowski et al. 2018, arXiv:1801.01401"},
    RecipeChoice{"precision", "share of samples near real pictures", "Kynkäänniemi et al. 2019, arXiv:1904.06991"},
    RecipeChoice{"recall", "share of real pictures near samples", "Kynkäänniemi et al. 2019, arXiv:1904.06991"},
    RecipeChoice{"density", "how deep samples lie among real pictures", "Naeem et al. 2020, arXiv:2002.09797"},
    RecipeChoice{"coverage", "share of real pictures with a sample in their neighbourhood", "Naeem et al. 2020, arXiv:2002.09797"},
    RecipeChoice{"is", "Inception score; more is better", "Salimans et al. 2016, arXiv:1606.03498"}};
constexpr std::array kActions = {
    RecipeChoice{"warn", "say it, go on; what is not finite is skipped, and rolled back when it stays so, all the same", ""},
    RecipeChoice{"rollback", "also go back to the last good checkpoint, with lower rates", ""},
    RecipeChoice{"stop", "also write a checkpoint and end", ""}};

constexpr double kMany = 1e12;   // images: more than anybody trains
constexpr double kSize = 65536;

#define FIELD(section, key) \
  #section, #key, [](Recipe& recipe) -> RecipeValue { return &recipe.section.key; }

#define OPTIMISER(who) \
  RecipeField{FIELD(who, kind), "the optimiser of the " #who, "", 0, 0, kOptimisers}, \
  RecipeField{FIELD(who, learning_rate), "the rate; two different ones are the two time-scale rule", "", 0, 10, {}, "Heusel et al. 2017, arXiv:1706.08500"}, \
  RecipeField{FIELD(who, beta1), "decay of the mean of gradients", "", 0, 0.999999}, \
  RecipeField{FIELD(who, beta2), "decay of the mean of squared gradients", "", 0, 0.999999999}, \
  RecipeField{FIELD(who, epsilon), "added to the divisor", "", 1e-16, 1}, \
  RecipeField{FIELD(who, weight_decay), "pull of the weights to zero", "", 0, 1}

constexpr RecipeField kFields[] = {
    {"", "name", [](Recipe& recipe) -> RecipeValue { return &recipe.name; }, "what the run is called; the file's name where empty"},

    {FIELD(data, path), "folder, archive or file with the pictures; relative to the recipe's folder"},
    {FIELD(data, labels), "where the classes come from", "", 0, 0, kLabels},
    {FIELD(data, split), "which part of a data set that has parts"},
    {FIELD(data, size), "side of the square that pictures are brought to; 0: as they are", "pixels", 0, 4096},
    {FIELD(data, channels), "1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha; 0: as they are", "", 0, 4},
    {FIELD(data, fit), "how a picture that is not square becomes so", "", 0, 0, kFits},
    {FIELD(data, mirror), "show half of the pictures mirrored; never for digits or letters"},
    {FIELD(data, limit), "train on so many pictures, drawn with the seed; 0: all", "pictures", 0, kMany},
    {FIELD(data, limit_per_class), "the same for each class; 0: all", "pictures", 0, kMany},
    {FIELD(data, threads), "threads that prepare batches", "", 1, 256},

    {FIELD(network, family), "the pair of networks", "", 0, 0, kFamilies},
    {FIELD(network, conditional), "generator and discriminator are told the class"},
    {FIELD(network, latent), "numbers that a sample is made from", "", 1, 4096},
    {FIELD(network, generator_width), "channels of the generator at full size; more cost with their square", "channels", 1, 4096},
    {FIELD(network, discriminator_width), "channels of the discriminator at full size", "channels", 1, 4096},
    {FIELD(network, attention), "a self-attention layer in each network", "", 0, 0, {}, "Zhang et al. 2019, arXiv:1805.08318"},
    {FIELD(network, spectral_norm), "bound each layer of the discriminator by its largest singular value", "", 0, 0, {}, "Miyato et al. 2018, arXiv:1802.05957"},
    {FIELD(network, generator_spectral_norm), "the same of the generator", "", 0, 0, {}, "Zhang et al. 2019, arXiv:1805.08318"},
    {FIELD(network, dropout), "probability of dropping a channel in the discriminator", "", 0, 0.95, {}, "Srivastava et al. 2014"},
    {FIELD(network, init), "how weights start", "", 0, 0, kInits},
    {FIELD(network, norm), "normalisation in the generator", "", 0, 0, kNorms},
    {FIELD(network, discriminator_norm), "normalisation in the discriminator", "", 0, 0, kNorms},

    {FIELD(loss, adversarial), "what the two networks play for", "", 0, 0, kLosses},
    {FIELD(loss, relativistic), "judge pairs: the loss of D(real) - D(fake)", "", 0, 0, {}, "Jolicoeur-Martineau 2019, arXiv:1807.00734"},

    {FIELD(regularisers, gradient_penalty), "weight of the penalty between real and made pictures; 0: off", "", 0, 1e6, {}, "Gulrajani et al. 2017, arXiv:1704.00028"},
    {FIELD(regularisers, gradient_penalty_centre), "gradient norm that it wants: 1, or 0 for the zero-centred one", "", 0, 1, {}, "Thanh-Tung et al. 2019, arXiv:1902.03984"},
    {FIELD(regularisers, gradient_penalty_every), "apply it every so many steps, so many times as strong", "steps", 1, 1000, {}, "Karras et al. 2020, arXiv:1912.04958"},
    {FIELD(regularisers, r1), "weight (gamma) of the squared gradient at real pictures; 0: off", "", 0, 1e6, {}, "Mescheder et al. 2018, arXiv:1801.04406"},
    {FIELD(regularisers, r2), "weight (gamma) of the squared gradient at made pictures; 0: off", "", 0, 1e6, {}, "Mescheder et al. 2018, arXiv:1801.04406"},
    {FIELD(regularisers, r1_every), "apply it every so many steps, so many times as strong", "steps", 1, 1000, {}, "Karras et al. 2020, arXiv:1912.04958"},
    {FIELD(regularisers, r2_every), "apply it every so many steps, so many times as strong", "steps", 1, 1000, {}, "Karras et al. 2020, arXiv:1912.04958"},
    {FIELD(regularisers, lecam), "weight of the pull towards the other side's running mean; 0: off", "", 0, 1e6, {}, "Tseng et al. 2021, arXiv:2104.03310"},
    {FIELD(regularisers, lecam_decay), "decay of those running means", "", 0, 0.999999},

    {FIELD(augment, policy), "what is done to pictures before the discriminator sees them", "", 0, 0, kPolicies},
    {FIELD(augment, operations), "which changes; empty: all that the policy has", "", 0, 0, kOperations},
    {FIELD(augment, probability), "how often diffaugment acts", "", 0, 1},
    {FIELD(augment, ada_target), "mean sign of D(real) that ada steers to", "", 0, 1},
    {FIELD(augment, ada_images), "images in which ada can go from 0 to 1", "images", 1, kMany},

    OPTIMISER(generator),
    OPTIMISER(discriminator),

    {FIELD(schedule, kind), "how the rates change", "", 0, 0, kSchedules},
    {FIELD(schedule, warmup), "rise from 0 over so many images", "images", 0, kMany},
    {FIELD(schedule, final), "share of the rate that is left at the end", "", 0, 1},

    {FIELD(ema, half_life), "half-life of the generator's running mean, which is what samples; 0: off", "images", 0, kMany, {}, "Yazıcı et al. 2019, arXiv:1806.04498"},
    {FIELD(ema, ramp_up), "half-life at most this share of the images so far; 0: off", "", 0, 1, {}, "Karras et al. 2020, arXiv:1912.04958"},

    {FIELD(train, images), "real pictures to see in all", "images", 1, kMany},
    {FIELD(train, batch), "pictures in a step, over all processes", "images", 1, kSize},
    {FIELD(train, seed), "of weights, order of the data, latents", "", 0, 9223372036854774784.0},
    {FIELD(train, discriminator_steps), "steps of the discriminator for one of the generator", "steps", 1, 100},
    {FIELD(train, accumulate), "pieces that a batch is computed in, to save memory", "", 1, 4096},
    {FIELD(train, precision), "of the arithmetic", "", 0, 0, kPrecisions},
    {FIELD(train, clip_gradient), "largest norm of a gradient; 0: off", "", 0, 1e12},
    {FIELD(train, threads), "threads; 0: every processor", "", 0, 1024},

    {FIELD(evaluate, every), "measure the running mean of the generator every so often; 0: only at the end", "images", 0, kMany},
    {FIELD(evaluate, samples), "samples to measure on", "samples", 10, 1e7},
    {FIELD(evaluate, metrics), "what to measure; empty: nothing", "", 0, 0, kMetrics},
    {FIELD(evaluate, features), "\"glyphs\", \"pixels\", a file of Inception-v3 weights, or \"auto\": glyphs for grey pictures up to 32 pixels, pixels for others"},
    {FIELD(evaluate, best), "the figure that picks the best generator", "", 0, 0, kMetrics},
    {FIELD(evaluate, neighbours), "neighbours that precision, recall, density and coverage look at", "", 1, 100},

    {FIELD(output, grid_every), "draw a sheet of samples every so often; 0: a tenth of train.images", "images", 0, kMany},
    {FIELD(output, checkpoint_every), "write a checkpoint every so often; 0: a tenth of train.images", "images", 0, kMany},
    {FIELD(output, keep), "newest checkpoints to keep", "", 1, 100'000},
    {FIELD(output, milestones), "also keep the first checkpoint of each so many images; 0: off", "images", 0, kMany},
    {FIELD(output, grid), "samples along a side of the sheet", "", 1, 64},
    {FIELD(output, log_every), "write a line of figures every so often; 0: every 50 steps", "images", 0, kMany},

    {FIELD(guard, action), "what to do when training goes wrong", "", 0, 0, kActions},
    {FIELD(guard, window), "look at the means over so many images", "images", 1, kMany},
    {FIELD(guard, non_finite_steps), "roll back after so many steps in a row that are not finite", "steps", 1, 1'000'000},
    {FIELD(guard, lower_rate), "rates after a rollback, as a share of before", "", 1e-6, 1},
    {FIELD(guard, rollbacks), "give up after so many rollbacks", "", 0, 1'000'000},
    {FIELD(guard, winning_accuracy), "the discriminator has won when it is right this often", "", 0.5, 1},
    {FIELD(guard, vanishing_gradient), "and the generator's gradient is below this share of its usual one", "", 0, 1},
    {FIELD(guard, exploding_gradient), "the generator explodes when its gradient is so many times its usual one", "", 1, 1e12},
    {FIELD(guard, diversity), "variety is lost when samples differ by less than this share of real pictures", "", 0, 1},
    {FIELD(guard, coverage_fall), "or coverage or recall is below this share of its best", "", 0, 1},
    {FIELD(guard, memorised), "samples are copies when this share of them is one of a training picture", "", 0, 1},
    {FIELD(guard, stuck), "a loss is stuck when it has not moved over so many images; 0: off", "images", 0, kMany},
};
// clang-format on
#undef OPTIMISER
#undef FIELD

constexpr std::array kSections = {
    RecipeSection{"", ""},
    RecipeSection{"data", "Pictures"},
    RecipeSection{"network", "Networks"},
    RecipeSection{"loss", "Adversarial loss"},
    RecipeSection{"regularisers", "Regularisers"},
    RecipeSection{"augment", "Augmentation"},
    RecipeSection{"generator", "Optimiser of the generator"},
    RecipeSection{"discriminator", "Optimiser of the discriminator"},
    RecipeSection{"schedule", "Schedule of both rates"},
    RecipeSection{"ema", "Running mean of the generator"},
    RecipeSection{"train", "Training"},
    RecipeSection{"evaluate", "Measuring"},
    RecipeSection{"output", "What is written"},
    RecipeSection{"guard", "The guard"},
};

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\u{:04X}", byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string NumberText(double value) {
  std::string text = fmt::format("{}", value);
  // Without a point or an exponent TOML would take it for a whole number; readers take both.
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

std::string QuotedList(std::span<const std::string> items) {
  std::vector<std::string> quoted;
  for (const std::string& item : items) quoted.push_back(Quoted(item));
  return fmt::format("[{}]", fmt::join(quoted, ", "));
}

std::string ChoicesText(const RecipeField& field) {
  std::vector<std::string> quoted;
  for (const RecipeChoice& choice : field.choices) quoted.push_back(Quoted(choice.name));
  return fmt::format("{}", fmt::join(quoted, ", "));
}

// A cell of a Markdown table.
std::string Cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

// The bounds or choices as the document has them.
std::string RangeCell(const RecipeField& field, Recipe& defaults) {
  const RecipeValue value = field.value(defaults);
  if (std::holds_alternative<bool*>(value)) return "`true`, `false`";
  if (!field.choices.empty()) {
    std::vector<std::string> names;
    for (const RecipeChoice& choice : field.choices)
      names.push_back(fmt::format("`{}`", choice.name));
    return fmt::format("{}", fmt::join(names, ", "));
  }
  if (std::holds_alternative<std::string*>(value)) return "text";
  return fmt::format("{} to {}", field.low, field.high);
}

}  // namespace

std::string RecipeField::name() const {
  return section.empty() ? std::string(key) : fmt::format("{}.{}", section, key);
}

std::span<const RecipeField> RecipeFields() { return kFields; }
std::span<const RecipeSection> RecipeSections() { return kSections; }

const RecipeField* FindRecipeField(std::string_view section, std::string_view key) {
  const auto* found = std::find_if(
      std::begin(kFields), std::end(kFields),
      [&](const RecipeField& field) { return field.section == section && field.key == key; });
  return found == std::end(kFields) ? nullptr : found;
}

std::string WantedText(const RecipeField& field) {
  Recipe any;
  const RecipeValue value = field.value(any);
  if (std::holds_alternative<bool*>(value)) return "true or false";
  if (std::holds_alternative<std::string*>(value)) {
    return field.choices.empty() ? "a text" : "one of " + ChoicesText(field);
  }
  if (std::holds_alternative<std::vector<std::string>*>(value)) {
    return "a list of " + (field.choices.empty() ? "texts" : ChoicesText(field));
  }
  const bool whole = !std::holds_alternative<double*>(value);
  return whole ? fmt::format("a whole number from {} to {}", static_cast<int64_t>(field.low),
                             static_cast<int64_t>(field.high))
               : fmt::format("a number from {} to {}", field.low, field.high);
}

std::string ValueText(const RecipeField& field, const Recipe& recipe) {
  Recipe copy = recipe;  // the table's functions give what may be written
  const RecipeValue value = field.value(copy);
  if (const auto* truth = std::get_if<bool*>(&value)) return **truth ? "true" : "false";
  if (const auto* small = std::get_if<int*>(&value)) return fmt::format("{}", **small);
  if (const auto* whole = std::get_if<int64_t*>(&value)) return fmt::format("{}", **whole);
  if (const auto* number = std::get_if<double*>(&value)) return NumberText(**number);
  if (const auto* text = std::get_if<std::string*>(&value)) return Quoted(**text);
  return QuotedList(*std::get<std::vector<std::string>*>(value));
}

std::string RecipeText(const Recipe& recipe) {
  std::string out = "# A recipe with every field; see docs/recipes.md.\n";
  std::string_view section;
  for (const RecipeField& field : RecipeFields()) {
    if (field.section != section) {
      section = field.section;
      out += fmt::format("\n[{}]\n", section);
    }
    out += fmt::format("{} = {}  # {}", field.key, ValueText(field, recipe), field.help);
    if (!field.unit.empty()) out += fmt::format(" ({})", field.unit);
    if (!field.choices.empty()) out += ": " + ChoicesText(field);
    out += '\n';
  }
  return out;
}

std::string RecipeFieldTables() {
  Recipe defaults;
  std::string out;
  for (const RecipeSection& section : RecipeSections()) {
    if (!section.name.empty())
      out += fmt::format("\n### `[{}]`: {}\n\n", section.name, section.title);
    out += "| field | default | unit | takes | meaning | paper |\n|---|---|---|---|---|---|\n";
    for (const RecipeField& field : RecipeFields()) {
      if (field.section != section.name) continue;
      out += fmt::format("| `{}` | `{}` | {} | {} | {} | {} |\n", field.key,
                         ValueText(field, defaults), field.unit, RangeCell(field, defaults),
                         Cell(field.help), Cell(field.paper));
    }
  }
  return out;
}

std::string RecipeChoiceTables() {
  std::string out;
  std::vector<const RecipeChoice*> done;  // fields that share choices share a table
  for (const RecipeField& field : RecipeFields()) {
    if (field.choices.empty()) continue;
    if (std::find(done.begin(), done.end(), field.choices.data()) != done.end()) continue;
    done.push_back(field.choices.data());
    std::vector<std::string> names;
    for (const RecipeField& other : RecipeFields()) {
      if (other.choices.data() == field.choices.data())
        names.push_back(fmt::format("`{}`", other.name()));
    }
    out += fmt::format("{}### {}\n\n| choice | meaning | paper |\n|---|---|---|\n",
                       out.empty() ? "" : "\n", fmt::join(names, ", "));
    for (const RecipeChoice& choice : field.choices) {
      out += fmt::format("| `{}` | {} | {} |\n", choice.name, Cell(choice.meaning),
                         Cell(choice.paper));
    }
  }
  return out;
}

}  // namespace gan::core
