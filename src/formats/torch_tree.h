// Finds the tensors in what torch.save pickled, and gives them names.
#ifndef GAN_FORMATS_TORCH_TREE_H_
#define GAN_FORMATS_TORCH_TREE_H_

#include <string_view>

#include "formats/checkpoint.h"
#include "formats/pickle.h"
#include "formats/torch_tensor.h"

namespace gan::core {

// Dicts, lists and tuples are flattened: keys (text, or numbers as decimal text) and places joined
// by '.'. What holds no tensor is passed over, however strange; Python objects on the way to a
// tensor are an error, except modules, which give what their state_dict() would, and those of
// TorchScript (`script`), whose attributes count like a dict's. Fills tensors, modules and opaque
// of `out`. Cycles end. Error kBadData.
void CollectTorchTensors(std::string_view where, const Pickle& pickle, bool script,
                         const Limits& limits, TorchTensorMaker& maker, Checkpoint& out);

}  // namespace gan::core

#endif  // GAN_FORMATS_TORCH_TREE_H_
