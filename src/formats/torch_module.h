// Whole modules that torch.save pickled: a tree of objects whose tensors are found as data. No
// class is looked up, no source that comes along is run.
#ifndef GAN_FORMATS_TORCH_MODULE_H_
#define GAN_FORMATS_TORCH_MODULE_H_

#include <optional>
#include <string>

#include "formats/limits.h"
#include "formats/pickle.h"
#include "tensor/module_facts.h"

namespace gan::core {

// The containers of one module, where state_dict() would look; None (0) where there is none.
struct TorchModule {
  std::string type;  // "model.Generator", printable; of StyleGAN's pickles "Generator"
  NodeId state = 0;
  NodeId parameters = 0;
  NodeId buffers = 0;
  NodeId not_saved = 0;  // a set of names of buffers that are no part of a state dict
  NodeId modules = 0;
  size_t items = 0;  // how many were looked through to find these
};

// The object as a module; nothing when it has not the attributes of one. Knows two forms: a class
// made anew that is given its attributes, and a call of NVIDIA's _reconstruct_persistent_obj with
// its class, source and attributes.
std::optional<TorchModule> AsTorchModule(const Pickle& pickle, NodeId object);

// Class and plain attributes: numbers, truth values, short texts, short tuples of numbers.
ModuleFacts FactsOf(const Pickle& pickle, const TorchModule& module, const Limits& limits);

}  // namespace gan::core

#endif  // GAN_FORMATS_TORCH_MODULE_H_
