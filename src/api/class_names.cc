#include "api/class_names.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/log.h"

namespace gan::core {

std::vector<std::string> ClassNamesIn(const std::map<std::string, std::string>& metadata,
                                      int64_t classes) {
  const auto found = metadata.find("gan.classes");
  if (found == metadata.end() || classes == 0) return {};
  // A text or a number nests nothing; a hostile array of arrays is no array of texts.
  const auto json = nlohmann::json::parse(found->second, nullptr, /*allow_exceptions=*/false);
  const bool fits = json.is_array() && static_cast<int64_t>(json.size()) == classes &&
                    std::ranges::all_of(json, [](const auto& name) { return name.is_string(); });
  if (!fits) {
    Log().warn("the model's list of class names does not fit its {} classes; numbers are used",
               classes);
    return {};
  }
  return json.get<std::vector<std::string>>();
}

}  // namespace gan::core
