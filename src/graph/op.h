// The op of a node: one of the structs listed in ops/ops.def.
#ifndef GAN_GRAPH_OP_H_
#define GAN_GRAPH_OP_H_

#include <string>
#include <string_view>
#include <variant>

#include "graph/ops/activation.h"
#include "graph/ops/affine.h"
#include "graph/ops/attention.h"
#include "graph/ops/batch_norm.h"
#include "graph/ops/binary.h"
#include "graph/ops/concat.h"
#include "graph/ops/conv2d.h"
#include "graph/ops/conv_transpose2d.h"
#include "graph/ops/demodulate.h"
#include "graph/ops/dropout.h"
#include "graph/ops/global_pool.h"
#include "graph/ops/group_norm.h"
#include "graph/ops/linear.h"
#include "graph/ops/matmul.h"
#include "graph/ops/pad2d.h"
#include "graph/ops/pixel_norm.h"
#include "graph/ops/pixel_shuffle.h"
#include "graph/ops/pixel_unshuffle.h"
#include "graph/ops/pool2d.h"
#include "graph/ops/prelu.h"
#include "graph/ops/reshape.h"
#include "graph/ops/resize.h"
#include "graph/ops/slice.h"
#include "graph/ops/transpose.h"
#include "graph/ops/upfirdn2d.h"

namespace gan::core {

namespace internal {
template <class Ignored, class... Ops>
struct OpList {
  using Variant = std::variant<Ops...>;
};
}  // namespace internal

// std::visit over it without a default branch: an op somebody forgot is a compile error.
#define GAN_OP(Type, file) , Type
using Op = internal::OpList<void
#include "graph/ops/ops.def"
                            >::Variant;
#undef GAN_OP

std::string_view NameOf(const Op& op);
std::string AttributesOf(const Op& op);  // "{kernel=3x3, stride=1x1}", "" when there are none

}  // namespace gan::core

#endif  // GAN_GRAPH_OP_H_
