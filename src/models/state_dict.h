// Finding the networks inside a checkpoint: what wraps them, and what lies beside them.
#ifndef GAN_MODELS_STATE_DICT_H_
#define GAN_MODELS_STATE_DICT_H_

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"
#include "tensor/module_facts.h"
#include "tensor/named_tensors.h"

namespace gan::core {

// One part of a checkpoint that may be a network: its floating-point tensors, without the wrapping.
struct StateDict {
  std::string prefix;  // what was cut off every name: "params_ema.", often ""
  std::map<std::string, Tensor, std::less<>> tensors;
  ModuleTree modules;  // of a pickled module, without the wrapping too
  // Tensors that stand beside what wraps these: "latent_avg" beside "g_ema.conv1.weight", and
  // matrices such as "embed.weight".
  std::map<std::string, Tensor, std::less<>> beside;

  const Tensor* Find(std::string_view name) const;  // nullptr when absent
  // The tensor, of this rank and with no size 0. Error kBadData naming `family` otherwise.
  const Tensor& Require(std::string_view family, std::string_view name, size_t rank) const;
  bool HasPrefix(std::string_view start) const;
};

// The parts of a checkpoint, likeliest first: moving averages before raw weights, what is inside
// wrappers ("state_dict", "generator", "module"...) before what is around them. Optimisers,
// discriminators and counters are left out. May be empty.
std::vector<StateDict> FindStateDicts(const NamedTensors& tensors, const ModuleTree& modules = {});

// The greatest N in names "<prefix>N" or "<prefix>N.<anything>", -1 when there is none. Numbers
// with more than six digits do not count.
int64_t LastIndex(const StateDict& dict, std::string_view prefix);

// The parameters of `graph` as f32, where the graph's "conv.weight" stands in the file under
// name_in_file("conv.weight"). Error kBadData naming `family` and the first tensor that is missing,
// of wrong size, or in the file without being wanted.
NamedTensors TakeParameters(std::string_view family, const Graph& graph, const StateDict& dict,
                            const std::function<std::string(std::string_view)>& name_in_file);

}  // namespace gan::core

#endif  // GAN_MODELS_STATE_DICT_H_
