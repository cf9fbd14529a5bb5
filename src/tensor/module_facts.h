// What pickled modules say of themselves beside their tensors.
#ifndef GAN_TENSOR_MODULE_FACTS_H_
#define GAN_TENSOR_MODULE_FACTS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace gan::core {

// One module: its class, which is a name and nothing more, and the plain values among its
// attributes as text: "3", "0.2", "true", "reflect", "2,2" for a tuple.
struct ModuleFacts {
  std::string type;  // "torch.nn.modules.conv.Conv2d"; printable
  std::map<std::string, std::string, std::less<>> attributes;

  // The attribute as a number, of a tuple the first; nothing when it is absent or none.
  std::optional<double> Number(std::string_view attribute) const;
  std::string_view Text(std::string_view attribute) const;  // "" when it is absent
};

// By the path that heads the names of the module's tensors: "G_ema.synthesis.b4".
using ModuleTree = std::map<std::string, ModuleFacts, std::less<>>;

}  // namespace gan::core

#endif  // GAN_TENSOR_MODULE_FACTS_H_
