#include "runs/recipe.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/random.h"
#include "gan/error.h"
#include "runs/recipe_fields.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

std::string Refusal(std::string_view text) {
  try {
    ParseRecipe(text, "mnist.toml");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kConfiguration);
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
    return error.what();
  }
  return "";
}

std::string OverrideRefusal(std::string_view assignment) {
  try {
    Recipe recipe;
    SetField(recipe, assignment);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kConfiguration);
    return error.what();
  }
  return "";
}

class RecipeFile : public ::testing::Test {
 protected:
  RecipeFile()
      : folder_(fs::temp_directory_path() / ("gan_recipe_test." + std::to_string(getpid()))) {
    fs::create_directories(folder_);
  }
  ~RecipeFile() override { fs::remove_all(folder_); }
  fs::path Write(const std::string& name, std::string_view text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }
  fs::path folder_;
};

TEST(Recipe, ReadsEveryKindOfValue) {
  const Recipe recipe = ParseRecipe(R"(
name = "digits"
[data]
path = "mnist"
mirror = true
threads = 3
[regularisers]
r1 = 10           # a whole number where any number may be
[generator]
learning_rate = 1e-3
[train]
images = 2_000_000
[evaluate]
metrics = ["kid", "recall"]
)",
                                    "mnist.toml");
  EXPECT_EQ(recipe.name, "digits");
  EXPECT_EQ(recipe.data.path, "mnist");
  EXPECT_TRUE(recipe.data.mirror);
  EXPECT_EQ(recipe.data.threads, 3);
  EXPECT_EQ(recipe.regularisers.r1, 10);
  EXPECT_EQ(recipe.generator.learning_rate, 1e-3);
  EXPECT_EQ(recipe.discriminator.learning_rate, Recipe{}.discriminator.learning_rate);
  EXPECT_EQ(recipe.train.images, 2'000'000);
  EXPECT_EQ(recipe.evaluate.metrics, (std::vector<std::string>{"kid", "recall"}));
  EXPECT_EQ(ParseRecipe("", "empty.toml"), Recipe{});
}

TEST(Recipe, SaysWhereWhatAndWhatInstead) {
  EXPECT_EQ(Refusal("[train]\nimages = 5\nbatch = \"many\"\n"),
            "[recipe] mnist.toml:3: \"train.batch\" wants a whole number from 1 to 65536, got "
            "\"many\"");
  EXPECT_EQ(Refusal("[train]\nbatch = 0"),
            "[recipe] mnist.toml:2: \"train.batch\" wants a whole number from 1 to 65536, got 0");
  EXPECT_EQ(Refusal("\n\n[train]\nbatchs = 64"),
            "[recipe] mnist.toml:4: there is no field \"train.batchs\"; did you mean "
            "\"train.batch\"?");
  EXPECT_EQ(Refusal("[train]\nlearning_rate = 1e-3"),
            "[recipe] mnist.toml:2: there is no field \"train.learning_rate\"; did you mean "
            "\"generator.learning_rate\"?");
  EXPECT_EQ(Refusal("batch = 64"),
            "[recipe] mnist.toml:1: there is no field \"batch\"; did you mean \"train.batch\"?");
  EXPECT_EQ(Refusal("[trian]\nbatch = 64"),
            "[recipe] mnist.toml:1: there is no section [trian]; did you mean [train]?");
  EXPECT_EQ(Refusal("[optimizer_settings]"),
            "[recipe] mnist.toml:1: there is no section [optimizer_settings]; docs/recipes.md has "
            "the list");
  EXPECT_EQ(Refusal("[loss]\nadversarial = \"hing\""),
            "[recipe] mnist.toml:2: \"loss.adversarial\" wants one of \"non-saturating\", "
            "\"hinge\", \"least-squares\", \"wasserstein\", got \"hing\"");
  EXPECT_EQ(Refusal("train = 5"),
            "[recipe] mnist.toml:1: \"train\" is a section: write [train] and its fields below");
}

TEST(Recipe, RefusesWrongKindsAndRanges) {
  for (const char* text : {"[data]\nmirror = 1",
                           "[data]\npath = 5",
                           "[train]\nbatch = 64.0",
                           "[train]\nbatch = true",
                           "[train]\nbatch = [64]",
                           "[train]\nbatch = 2026-11-22",
                           "[train.batch]\nx = 1",
                           "[train]\nimages = -5",
                           "[generator]\nbeta1 = 1.0",
                           "[generator]\nlearning_rate = nan",
                           "[generator]\nlearning_rate = inf",
                           "[generator]\nlearning_rate = \"1e-3\"",
                           "[regularisers]\nr1_every = 0",
                           "[evaluate]\nmetrics = \"fid\"",
                           "[evaluate]\nmetrics = [\"fid\", 5]",
                           "[evaluate]\nmetrics = [\"fid\", \"fid\"]",
                           "[evaluate]\nmetrics = [\"fud\"]",
                           "[data]\npath = \"a\\u0000b\"",
                           "name = {}",
                           "[[train]]\nbatch = 64"}) {
    EXPECT_NE(Refusal(text).find("[recipe] mnist.toml:"), std::string::npos) << text;
  }
}

TEST(Recipe, RefusesWhatIsNotToml) {
  EXPECT_EQ(Refusal("[train]\nbatch = \n").find("[recipe] mnist.toml:2: this is not TOML: "), 0u);
  EXPECT_NE(Refusal("[train]\nbatch = 1\nbatch = 2\n"), "");
  EXPECT_NE(Refusal("\xff\xfe"), "");
  EXPECT_NE(Refusal(std::string_view("a\0b", 3)), "");
  EXPECT_NE(Refusal(std::string(100'000, '[')), "");
  EXPECT_NE(Refusal("a = " + std::string(100'000, '[')), "");
  EXPECT_NE(Refusal(std::string((1 << 20) + 1, '#')), "");
}

TEST(Recipe, TakesTextOfAnyAlphabetWhereTextStands) {
  const Recipe recipe = ParseRecipe(
      "\xEF\xBB\xBFname = \"\xCE\xBB\xC3\xA9\" # \xCF\x9E\n[data]\npath = \"a\\u00e9\xC3\xA9\"\n",
      "mnist.toml");
  EXPECT_EQ(recipe.name, "\xCE\xBB\xC3\xA9");
  EXPECT_EQ(recipe.data.path, "a\xC3\xA9\xC3\xA9");
  // toml++ takes these two for unreachable: outside any text, and after a broken line.
  EXPECT_EQ(Refusal("name = \xCF\x9E\n").find("[recipe] mnist.toml:1: this is not TOML"), 0u);
  EXPECT_EQ(ParseRecipe("name = \"\"\"a\\\n \xCF\x9E\"\"\"\n", "mnist.toml").name, "a\xCF\x9E");
  EXPECT_EQ(Refusal("name = \"\xC3\"\n"),
            "[recipe] mnist.toml: is not valid UTF-8: save it as UTF-8 text");
  EXPECT_NE(Refusal("[\"\xC3\xA9\"]\nx = 1\n").find("no section [\xC3\xA9]"), std::string::npos);
}

TEST(Recipe, OverridesComeAfterAndNeedNoQuotes) {
  Recipe recipe;
  SetField(recipe, "train.batch=16");
  SetField(recipe, "augment.policy=ada");
  SetField(recipe, "data.path=a folder, with = and \"quotes\"");
  SetField(recipe, "evaluate.metrics=fid,recall");
  SetField(recipe, "augment.operations=[\"flip\", \"scale\"]");
  SetField(recipe, "loss.relativistic=true");
  SetField(recipe, "generator.learning_rate=1e-4");
  SetField(recipe, "name='plain'");
  EXPECT_EQ(recipe.train.batch, 16);
  EXPECT_EQ(recipe.augment.policy, "ada");
  EXPECT_EQ(recipe.data.path, "a folder, with = and \"quotes\"");
  EXPECT_EQ(recipe.evaluate.metrics, (std::vector<std::string>{"fid", "recall"}));
  EXPECT_EQ(recipe.augment.operations, (std::vector<std::string>{"flip", "scale"}));
  EXPECT_TRUE(recipe.loss.relativistic);
  EXPECT_EQ(recipe.generator.learning_rate, 1e-4);
  EXPECT_EQ(recipe.name, "plain");
  SetField(recipe, "evaluate.metrics=");
  EXPECT_TRUE(recipe.evaluate.metrics.empty());
}

TEST(Recipe, OverridesAreCheckedToo) {
  EXPECT_EQ(OverrideRefusal("train.batch=many"),
            "[recipe] --set train.batch=many: \"train.batch\" wants a whole number from 1 to "
            "65536, got \"many\"");
  EXPECT_EQ(OverrideRefusal("train.btch=5"),
            "[recipe] --set train.btch=5: there is no field \"train.btch\"; did you mean "
            "\"train.batch\"?");
  for (const char* text :
       {"train.batch", "train.batch=", "=5", "train=5", "trian.batch=5", "train.batch=5\nimages=7",
        "train.batch=5 6", "data.path=\xff", "evaluate.metrics=fid,,", "loss.relativistic=yes"}) {
    EXPECT_NE(OverrideRefusal(text), "") << text;
  }
}

// Numbers near their bounds, every choice, texts with everything that needs an escape.
void Scramble(const RecipeField& field, Recipe& recipe, Random& random) {
  const RecipeValue value = field.value(recipe);
  const auto choice = [&] {
    return std::string(field.choices[random.Below(field.choices.size())].name);
  };
  const double number = field.low + random.Uniform() * (field.high - field.low);
  if (auto* const* truth = std::get_if<bool*>(&value)) **truth = random.Below(2) == 1;
  if (auto* const* small = std::get_if<int*>(&value)) **small = static_cast<int>(number);
  if (auto* const* whole = std::get_if<int64_t*>(&value)) **whole = static_cast<int64_t>(number);
  if (auto* const* real = std::get_if<double*>(&value)) **real = number;
  if (auto* const* text = std::get_if<std::string*>(&value)) {
    **text = field.choices.empty() ? "\"\\ # \t\n\x7f \xc3\xa9 '''" : choice();
  }
  if (auto* const* list = std::get_if<std::vector<std::string>*>(&value)) **list = {choice()};
}

TEST(Recipe, WrittenTextReadsBackEqual) {
  EXPECT_EQ(ParseRecipe(RecipeText(Recipe{}), "written"), Recipe{});
  Random random(5);
  for (int i = 0; i < 20; ++i) {
    Recipe recipe;
    for (const RecipeField& field : RecipeFields()) Scramble(field, recipe, random);
    const std::string text = RecipeText(recipe);
    const Recipe back = ParseRecipe(text, "written");
    EXPECT_EQ(back, recipe) << text;
    EXPECT_EQ(RecipeText(back), text);
  }
}

TEST(Recipe, TableIsSound) {
  for (const RecipeField& field : RecipeFields()) {
    EXPECT_EQ(FindRecipeField(field.section, field.key), &field) << field.name();
    EXPECT_FALSE(field.help.empty());
    // Defaults pass their own check.
    Recipe recipe;
    if (field.name() != "name") {
      SetField(recipe, field.name() + "=" + ValueText(field, Recipe{}));
    }
    EXPECT_EQ(recipe, Recipe{}) << field.name();
  }
}

TEST_F(RecipeFile, PathsAreRelativeToTheFileAndOverridesToTheWorkingFolder) {
  const fs::path path = Write("digits.toml", "[data]\npath = \"../$HOME/mnist\"\n");
  EXPECT_EQ(ReadRecipe(path).data.path, (folder_.parent_path() / "$HOME/mnist").native());
  EXPECT_EQ(ReadRecipe(path).name, "digits");
  const std::string overrides[] = {"data.path=here", "train.batch=8"};
  const Recipe recipe = ReadRecipe(path, overrides);
  EXPECT_EQ(recipe.data.path, (fs::current_path() / "here").native());
  EXPECT_EQ(recipe.train.batch, 8);
  const fs::path resolved = Write("resolved.toml", RecipeText(recipe));
  EXPECT_EQ(ReadRecipe(resolved), recipe);
}

TEST_F(RecipeFile, MissingFileIsNoInput) {
  try {
    ReadRecipe(folder_ / "absent.toml");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNoInput);
  }
}

}  // namespace
}  // namespace gan::core
