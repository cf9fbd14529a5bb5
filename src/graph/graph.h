// A network as data: what every backend runs and every writer exports.
#ifndef GAN_GRAPH_GRAPH_H_
#define GAN_GRAPH_GRAPH_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graph/op.h"
#include "graph/operand.h"
#include "tensor/named_tensors.h"

namespace gan::core {

// Index into Graph::values.
enum class ValueId : int32_t {};
constexpr size_t Index(ValueId id) { return static_cast<size_t>(id); }

enum class ValueKind {
  kInput,      // given by the caller at each run
  kParameter,  // a weight, by its name in the checkpoint; constant sizes
  kResult,     // made by a node
};

struct Value {
  std::string name;
  ValueKind kind;
  SymbolicShape shape;  // f32
};

struct Node {
  Op op;
  std::vector<ValueId> inputs;
  ValueId output;
};

// Nodes stand in an order in which they can run. Made by GraphBuilder alone, so it is sound.
struct Graph {
  std::string name;
  std::vector<Value> values;
  std::vector<Node> nodes;
  std::vector<ValueId> inputs;
  std::vector<ValueId> outputs;

  const Value& value(ValueId id) const { return values[Index(id)]; }
};

// Builds a graph node by node; shape rules run as each node is added, and an error names op,
// tensor, wanted and got.
class GraphBuilder {
 public:
  explicit GraphBuilder(std::string name) { graph_.name = std::move(name); }

  ValueId Input(std::string name, SymbolicShape shape);
  // Adding a parameter twice gives the same value; the sizes must agree.
  ValueId Parameter(const std::string& name, const Shape& shape);
  ValueId Add(Op op, std::vector<ValueId> inputs, std::string name = "");

  const SymbolicShape& ShapeOf(ValueId id) const { return graph_.value(id).shape; }

  // The finished graph, without the nodes and parameters that no output needs.
  Graph Finish(std::vector<ValueId> outputs);

 private:
  ValueId NewValue(std::string name, ValueKind kind, SymbolicShape shape);

  Graph graph_;
  std::unordered_map<std::string, ValueId> parameters_;
};

// Accepts exactly what can be planned: nodes in order, inputs there, shapes as the rules give them,
// names unique, every value used or an output. Error kInternal, since GraphBuilder makes no other.
void Verify(const Graph& graph);

// Readable and stable: one line a node, with attributes and shapes.
std::string ToString(const Graph& graph);

// Every parameter of the graph stands in `tensors` with its sizes and a floating-point type.
// Error kBadData naming the first that does not.
void CheckParameters(const Graph& graph, const NamedTensors& tensors);

// Sizes of every value, by Index(id). Error kBadData when a size would be below 1: the input is
// too small for the network.
std::vector<Shape> ConcreteShapes(const Graph& graph, const Bindings& bindings);

// The values of N, H, W... that make the graph's inputs these sizes. Error kBadData when they
// cannot: wrong rank, channels, or no multiple of what the network needs.
Bindings BindInputs(const Graph& graph, const std::vector<Shape>& inputs);

// Work of one run.
struct GraphCost {
  double multiply_adds = 0;
  double bytes = 0;        // read and written if every value passed through memory
  int64_t parameters = 0;  // elements
};
GraphCost CostOf(const Graph& graph, const Bindings& bindings);

}  // namespace gan::core

#endif  // GAN_GRAPH_GRAPH_H_
