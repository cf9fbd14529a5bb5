#include "formats/pickle.h"

#include <bit>

#include "base/error.h"

namespace gan::core {

int64_t Pickle::Int(NodeId id) const {
  GAN_ASSERT(Is(id, NodeKind::kInt) || Is(id, NodeKind::kBool));
  return static_cast<int64_t>(nodes_[id].payload);
}

double Pickle::Float(NodeId id) const {
  GAN_ASSERT(Is(id, NodeKind::kFloat));
  return std::bit_cast<double>(nodes_[id].payload);
}

std::string_view Pickle::Text(NodeId id) const {
  GAN_ASSERT(Is(id, NodeKind::kString) || Is(id, NodeKind::kBytes) || Is(id, NodeKind::kBigInt));
  const uint64_t place = nodes_[id].payload;
  const auto offset = static_cast<size_t>((place & ~kDecodedText) >> 32);
  const auto size = static_cast<uint32_t>(place);
  if ((place & kDecodedText) != 0) return std::string_view(decoded_).substr(offset, size);
  return {reinterpret_cast<const char*>(bytes_.data()) + offset, size};
}

Pickle::ChildRange Pickle::Children(NodeId id) const {
  const Node& node = nodes_[id];
  return {ChildIterator(this, node.first, node.children), ChildIterator(this, 0, 0)};
}

NodeId Pickle::Child(NodeId id, size_t index) const {
  GAN_ASSERT(index < ChildCount(id));
  ChildIterator child = Children(id).begin();
  for (; index != 0; --index) ++child;
  return *child;
}

bool Pickle::IsGlobal(NodeId id, std::string_view module, std::string_view name) const {
  return Is(id, NodeKind::kGlobal) && Text(Child(id, 0)) == module && Text(Child(id, 1)) == name;
}

std::string Pickle::GlobalName(NodeId id) const {
  // A callable may itself be the result of a call, and so on; one step is enough for a message.
  if (Is(id, NodeKind::kObject)) id = Child(id, 0);
  if (!Is(id, NodeKind::kGlobal)) return "(computed)";
  return Printable(Text(Child(id, 0))) + "." + Printable(Text(Child(id, 1)));
}

}  // namespace gan::core
