#include "runs/recipe.h"

// The headers alone: a recipe is read once, and nothing more need be installed with the library.
#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
// Its parser asserts of a key what a file that is no TOML need not fulfil, and finds the error a
// line later. Without NDEBUG and with this, it neither aborts nor lets the compiler take it for
// granted.
#undef NDEBUG
#define TOML_ASSERT(expression) static_assert(true)
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "base/utf8.h"
#include "runs/recipe_fields.h"
#include "runs/toml_text.h"

namespace gan::core {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMaxBytes = uint64_t{1} << 20;
constexpr size_t kMaxItems = 64;  // of a list

[[noreturn]] void Bad(std::string_view place, std::string_view text) {
  Fail(ErrorCode::kConfiguration, "recipe", "{}: {}", place, text);
}

std::string PlaceOf(std::string_view file, const toml::source_region& region) {
  return fmt::format("{}:{}", file, region.begin.line);
}

// What stands there, for the end of a message.
std::string GotText(const toml::node& node) {
  if (const auto* text = node.as_string()) {
    return fmt::format("\"{}\"", Printable(TextFromToml(text->get()), 60));
  }
  if (const auto* whole = node.as_integer()) return fmt::format("{}", whole->get());
  if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
  if (const auto* truth = node.as_boolean()) return truth->get() ? "true" : "false";
  if (node.is_array()) return "a list";
  return node.is_table() ? "a table" : "a date or time";
}

[[noreturn]] void Unfit(std::string_view place, const RecipeField& field, std::string_view got) {
  Bad(place, fmt::format("\"{}\" wants {}, got {}", field.name(), WantedText(field), got));
}

// Sets one field from one TOML value, or throws.
class FieldSetter {
 public:
  FieldSetter(std::string_view place, const RecipeField& field, const toml::node& node)
      : place_(place), field_(field), node_(node) {}

  void operator()(bool* out) const {
    const auto* truth = node_.as_boolean();
    if (truth == nullptr) Refuse();
    *out = truth->get();
  }

  void operator()(int* out) const { *out = static_cast<int>(Whole()); }
  void operator()(int64_t* out) const { *out = Whole(); }

  void operator()(double* out) const {
    const std::optional<double> value = node_.value<double>();
    const bool number = node_.is_integer() || node_.is_floating_point();
    if (!number || !value || !(*value >= field_.low && *value <= field_.high)) Refuse();
    *out = *value;
  }

  void operator()(std::string* out) const {
    const auto* text = node_.as_string();
    std::string plain = text == nullptr ? "" : TextFromToml(text->get());
    if (text == nullptr || !Allowed(plain)) Refuse();
    *out = std::move(plain);
  }

  void operator()(std::vector<std::string>* out) const {
    const toml::array* list = node_.as_array();
    if (list == nullptr) Refuse();
    if (list->size() > kMaxItems) {
      Unfit(place_, field_, fmt::format("a list of {}", list->size()));
    }
    std::vector<std::string> items;
    for (const toml::node& item : *list) {
      const auto* text = item.as_string();
      std::string plain = text == nullptr ? "" : TextFromToml(text->get());
      if (text == nullptr || !Allowed(plain)) {
        Unfit(place_, field_, fmt::format("{} in it", GotText(item)));
      }
      if (std::find(items.begin(), items.end(), plain) != items.end()) {
        Unfit(place_, field_, GotText(item) + " in it twice");
      }
      items.push_back(std::move(plain));
    }
    *out = std::move(items);
  }

 private:
  [[noreturn]] void Refuse() const { Unfit(place_, field_, GotText(node_)); }

  int64_t Whole() const {
    const auto* value = node_.as_integer();
    // The bounds are whole numbers that a double holds exactly.
    if (value == nullptr || value->get() < static_cast<int64_t>(field_.low) ||
        value->get() > static_cast<int64_t>(field_.high)) {
      Refuse();
    }
    return value->get();
  }

  bool Allowed(const std::string& text) const {
    // A NUL would cut a path short where it is opened.
    if (text.find('\0') != std::string::npos || text.size() > 4096) return false;
    return field_.choices.empty() ||
           std::any_of(field_.choices.begin(), field_.choices.end(),
                       [&](const RecipeChoice& choice) { return choice.name == text; });
  }

  std::string_view place_;
  const RecipeField& field_;
  const toml::node& node_;
};

// Levenshtein's distance.
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t corner = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t changed = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
      corner = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, changed}));
    }
  }
  return row[b.size()];
}

// The name that was most likely meant; empty when none is near.
std::string NearestName(std::string_view section, std::string_view key) {
  std::string best;
  size_t least = std::max<size_t>(2, key.size() / 3) + 1;
  for (const RecipeField& field : RecipeFields()) {
    // The right key in another section is nearer than any misspelling, but not than one letter.
    const size_t elsewhere = field.section == section ? 0 : 1;
    const size_t distance = EditDistance(key.substr(0, 64), field.key) + elsewhere;
    if (distance < least) {
      least = distance;
      best = field.name();
    }
  }
  return best;
}

std::string NearestSection(std::string_view name) {
  std::string best;
  size_t least = std::max<size_t>(2, name.size() / 3) + 1;
  for (const RecipeSection& section : RecipeSections()) {
    const size_t distance = EditDistance(name.substr(0, 64), section.name);
    if (distance < least && !section.name.empty()) {
      least = distance;
      best = section.name;
    }
  }
  return best;
}

[[noreturn]] void Unknown(std::string_view place, std::string_view section, std::string_view key) {
  const std::string name = section.empty() ? std::string(key) : fmt::format("{}.{}", section, key);
  const std::string nearest = NearestName(section, key);
  Bad(place, fmt::format("there is no field \"{}\"; {}", Printable(name),
                         nearest.empty() ? "docs/recipes.md has the list"
                                         : fmt::format("did you mean \"{}\"?", nearest)));
}

[[noreturn]] void UnknownSection(std::string_view place, std::string_view name) {
  const std::string nearest = NearestSection(name);
  Bad(place, fmt::format("there is no section [{}]; {}", Printable(name),
                         nearest.empty() ? "docs/recipes.md has the list"
                                         : fmt::format("did you mean [{}]?", nearest)));
}

bool IsSection(std::string_view name) {
  const auto sections = RecipeSections();
  return !name.empty() && std::any_of(sections.begin(), sections.end(),
                                      [&](const RecipeSection& s) { return s.name == name; });
}

void SetFromNode(Recipe& recipe, std::string_view place, std::string_view section,
                 std::string_view key, const toml::node& node) {
  const RecipeField* field = FindRecipeField(section, key);
  if (field == nullptr) Unknown(place, section, key);
  std::visit(FieldSetter(place, *field, node), field->value(recipe));
}

toml::table ParseToml(std::string_view text, std::string_view file) {
  if (!IsUtf8(text)) Bad(file, "is not valid UTF-8: save it as UTF-8 text");
  toml::parse_result result = toml::parse(TextForToml(text));
  if (!result) {
    const toml::parse_error& error = result.error();
    Bad(PlaceOf(file, error.source()),
        fmt::format("this is not TOML: {}", Printable(TextFromToml(error.description()), 200)));
  }
  return std::move(result).table();
}

// The value of an override as TOML has it. Text needs no quotes: the field says that it is one.
toml::table OverrideValue(std::string_view place, const RecipeField& field, std::string_view text) {
  Recipe any;
  const RecipeValue kind = field.value(any);
  toml::table out;
  const bool quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'');
  if (std::holds_alternative<std::string*>(kind) && !quoted) {
    out.insert("v", std::string(text));
    return out;
  }
  if (std::holds_alternative<std::vector<std::string>*>(kind) && !text.starts_with('[')) {
    toml::array items;
    for (size_t begin = 0; !text.empty() && begin <= text.size();) {
      const size_t end = std::min(text.find(',', begin), text.size());
      items.push_back(std::string(text.substr(begin, end - begin)));
      begin = end + 1;
    }
    out.insert("v", std::move(items));
    return out;
  }
  // One value only: a line break would begin a second assignment.
  toml::parse_result result = toml::parse(TextForToml(fmt::format("v = {}", text)));
  if (text.find_first_of("\r\n") != std::string_view::npos || !result ||
      result.table().size() != 1) {
    Unfit(place, field, fmt::format("\"{}\"", Printable(text, 60)));
  }
  return std::move(result).table();
}

}  // namespace

Recipe ParseRecipe(std::string_view text, std::string_view name) {
  const std::string file = Printable(name, 500);
  if (text.size() > kMaxBytes) {
    Bad(file, fmt::format("has {} bytes, a recipe has at most {}", text.size(), kMaxBytes));
  }
  Recipe recipe;
  const toml::table table = ParseToml(text, file);
  for (const auto& [top, node] : table) {
    const std::string heading = TextFromToml(top.str());
    const std::string place = PlaceOf(file, node.source());
    const toml::table* section = node.as_table();
    if (section == nullptr || !IsSection(heading)) {
      if (section != nullptr) UnknownSection(place, heading);
      if (IsSection(heading)) {
        Bad(place, fmt::format("\"{0}\" is a section: write [{0}] and its fields below", heading));
      }
      SetFromNode(recipe, place, "", heading, node);
      continue;
    }
    for (const auto& [key, value] : *section) {
      SetFromNode(recipe, PlaceOf(file, value.source()), heading, TextFromToml(key.str()), value);
    }
  }
  return recipe;
}

void SetField(Recipe& recipe, std::string_view assignment) {
  const std::string place = "--set " + Printable(assignment);
  const size_t equals = assignment.find('=');
  if (equals == std::string_view::npos) Bad(place, "wants section.key=value");
  if (!IsUtf8(assignment)) Bad(place, "is not valid UTF-8");
  const std::string_view name = assignment.substr(0, equals);
  const size_t dot = name.find('.');
  const std::string_view section = dot == std::string_view::npos ? "" : name.substr(0, dot);
  const std::string_view key = dot == std::string_view::npos ? name : name.substr(dot + 1);
  if (!section.empty() && !IsSection(section)) UnknownSection(place, section);
  const RecipeField* field = FindRecipeField(section, key);
  if (field == nullptr) Unknown(place, section, key);
  const toml::table value = OverrideValue(place, *field, assignment.substr(equals + 1));
  std::visit(FieldSetter(place, *field, *value.get("v")), field->value(recipe));
}

Recipe ReadRecipe(const fs::path& path, std::span<const std::string> overrides) {
  const InputFile file(path);
  if (file.size() > kMaxBytes) {
    Bad(file.name(), fmt::format("has {} bytes, a recipe has at most {}", file.size(), kMaxBytes));
  }
  const std::vector<std::byte> bytes = file.ReadAt(0, static_cast<size_t>(file.size()));
  Recipe recipe =
      ParseRecipe({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path.native());
  if (recipe.name.empty()) recipe.name = Printable(path.stem().native());
  const auto absolute = [](const fs::path& place) {
    return fs::absolute(place).lexically_normal().native();
  };
  if (!recipe.data.path.empty()) {
    recipe.data.path = absolute(path.parent_path() / recipe.data.path);
  }
  for (const std::string& assignment : overrides) {
    SetField(recipe, assignment);
    if (assignment.starts_with("data.path=") && !recipe.data.path.empty()) {
      recipe.data.path = absolute(recipe.data.path);
    }
  }
  return recipe;
}

}  // namespace gan::core
