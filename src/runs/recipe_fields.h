// The one table of a recipe's fields: reading, checking, writing and the document visit it.
#ifndef GAN_RUNS_RECIPE_FIELDS_H_
#define GAN_RUNS_RECIPE_FIELDS_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "runs/recipe.h"

namespace gan::core {

using RecipeValue =
    std::variant<bool*, int*, int64_t*, double*, std::string*, std::vector<std::string>*>;

// A word that a field takes, and what it stands for.
struct RecipeChoice {
  std::string_view name;
  std::string_view meaning;
  std::string_view paper;
};

struct RecipeField {
  std::string_view section;  // empty: above all sections
  std::string_view key;
  RecipeValue (*value)(Recipe& recipe);
  std::string_view help;
  std::string_view unit;
  double low = 0;  // of numbers, both ends included
  double high = 0;
  std::span<const RecipeChoice> choices;  // of texts and lists; none: any text
  std::string_view paper;

  std::string name() const;  // "train.batch"
};

struct RecipeSection {
  std::string_view name;
  std::string_view title;
};

// In the order of the written recipe; fields of a section stand together.
std::span<const RecipeField> RecipeFields();
std::span<const RecipeSection> RecipeSections();

// nullptr when there is none.
const RecipeField* FindRecipeField(std::string_view section, std::string_view key);

// `a whole number from 1 to 65536`, `one of "adam", "sgd"`: what a value must be.
std::string WantedText(const RecipeField& field);

// The value as TOML writes it.
std::string ValueText(const RecipeField& field, const Recipe& recipe);

// The tables of docs/recipes.md: every field by section, then every choice with its paper.
std::string RecipeFieldTables();
std::string RecipeChoiceTables();

}  // namespace gan::core

#endif  // GAN_RUNS_RECIPE_FIELDS_H_
