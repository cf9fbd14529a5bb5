// The modules of a generator that runs one after the other, in the order in which they run.
#ifndef GAN_MODELS_DCGAN_MODULES_H_
#define GAN_MODELS_DCGAN_MODULES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/state_dict.h"

namespace gan::core {

struct DcganModule {
  std::string name;            // "conv_blocks.2"
  std::vector<int64_t> place;  // the numbers in it
  Shape weight;
  bool bias = false;

  std::string_view Container() const;    // "conv_blocks"; "" without
  std::optional<int64_t> Index() const;  // 2, where the name ends in a number of its own
};

struct DcganConvolution {
  DcganModule module;
  std::optional<DcganModule> norm;  // behind it
};

struct DcganModules {
  std::vector<DcganConvolution> convolutions;
  std::vector<DcganModule> linears;       // without embeddings
  std::optional<DcganModule> first_norm;  // in front of all convolutions
  std::optional<DcganModule> embedding;
};

// Nothing where the dictionary holds anything but convolutions, batch norms, linear layers and one
// embedding of classes, or where their order cannot be told.
std::optional<DcganModules> ModulesOf(const StateDict& dict);

}  // namespace gan::core

#endif  // GAN_MODELS_DCGAN_MODULES_H_
