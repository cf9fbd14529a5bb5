// The recipes that are shipped, and the document about recipes.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "gan/error.h"
#include "runs/recipe.h"
#include "runs/recipe_fields.h"
#include "runs/recipe_rules.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

std::string ReadAll(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(ShippedRecipes, AreSoundOnEveryMachine) {
  const std::string document = ReadAll(fs::path(GAN_SOURCE_DIR) / "docs/recipes.md");
  int count = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(GAN_SOURCE_DIR) / "recipes")) {
    if (entry.path().extension() != ".toml") continue;
    ++count;
    const Recipe recipe = ReadRecipe(entry.path());
    EXPECT_NO_THROW(CheckCombinations(recipe, TrainingDevice::kProcessor)) << entry.path();
    EXPECT_NO_THROW(CheckCombinations(recipe, TrainingDevice::kGpu)) << entry.path();
    EXPECT_EQ(recipe.name, entry.path().stem().native());
    EXPECT_NE(document.find("`recipes/" + entry.path().filename().native() + "`"),
              std::string::npos)
        << "docs/recipes.md does not say when to use " << entry.path();
  }
  EXPECT_GE(count, 8);
}

TEST(ShippedRecipes, PlainFewShotIsTheOtherWithoutAugmentation) {
  const fs::path folder = fs::path(GAN_SOURCE_DIR) / "recipes";
  Recipe plain = ReadRecipe(folder / "few-shot-64-plain.toml");
  const Recipe augmented = ReadRecipe(folder / "few-shot-64.toml");
  plain.name = augmented.name;
  plain.augment = augmented.augment;
  EXPECT_EQ(plain, augmented);
}

// docs/recipes.md holds the tables of the code word for word. GAN_UPDATE_DOCS=1 rewrites them.
TEST(ShippedRecipes, DocumentHoldsTheTables) {
  const fs::path path = fs::path(GAN_SOURCE_DIR) / "docs/recipes.md";
  const std::string text = ReadAll(path);
  std::string updated = text;
  const std::pair<std::string, std::string> tables[] = {{"fields", RecipeFieldTables()},
                                                        {"choices", RecipeChoiceTables()},
                                                        {"rules", RecipeRuleTable()}};
  for (const auto& [name, table] : tables) {
    const std::string begin = "<!-- " + name + " -->\n", end = "<!-- end of " + name + " -->";
    const size_t from = updated.find(begin) + begin.size(), to = updated.find(end);
    ASSERT_LT(from, updated.size()) << name;
    ASSERT_LT(to, updated.size()) << name;
    updated.replace(from, to - from, "\n" + table + "\n");
  }
  if (std::getenv("GAN_UPDATE_DOCS") != nullptr && updated != text) {
    std::ofstream(path, std::ios::binary) << updated;
  }
  EXPECT_TRUE(updated == ReadAll(path))
      << "docs/recipes.md is out of date: run this test again with GAN_UPDATE_DOCS=1";
}

}  // namespace
}  // namespace gan::core
