#include "formats/pickle.h"

#include <gtest/gtest.h>

#include <string>

#include "formats/testing/pickle_writer.h"
#include "gan/error.h"

namespace gan::core {
namespace {

using namespace std::string_literals;
using testing::PickleWriter;

Pickle Read(const std::string& bytes, const Limits& limits = {}) {
  return ReadPickle(MemorySource("test", std::as_bytes(std::span(bytes))), 0, limits);
}

// The message of the error, which must be kBadData; empty when there is none.
std::string Refusal(const std::string& bytes, const Limits& limits = {}) {
  try {
    Read(bytes, limits);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadData);
    return error.what();
  }
  return "";
}

// The tree as text, to compare with. Requires that it is one.
std::string Show(const Pickle& p, NodeId id) {
  const auto children = [&](const char* open, const char* close) {
    std::string out = open;
    for (const NodeId child : p.Children(id)) out += Show(p, child) + ",";
    return out + close;
  };
  switch (p.kind(id)) {
    case NodeKind::kNone: return "None";
    case NodeKind::kBool: return p.Int(id) != 0 ? "True" : "False";
    case NodeKind::kInt: return std::to_string(p.Int(id));
    case NodeKind::kBigInt: return "big:" + std::string(p.Text(id));
    case NodeKind::kFloat: return std::to_string(p.Float(id));
    case NodeKind::kString: return "'" + std::string(p.Text(id)) + "'";
    case NodeKind::kBytes: return "b'" + std::string(p.Text(id)) + "'";
    case NodeKind::kTuple: return children("(", ")");
    case NodeKind::kList: return children("[", "]");
    case NodeKind::kDict: return children("{", "}");
    case NodeKind::kSet: return children("<", ">");
    case NodeKind::kGlobal: return p.GlobalName(id);
    case NodeKind::kPersistent: return children("persistent(", ")");
    case NodeKind::kObject: return children("object(", ")");
  }
  return "?";
}

std::string Show(const std::string& bytes) {
  const Pickle pickle = Read(bytes);
  return Show(pickle, pickle.root());
}

TEST(Pickle, ReadsNumbers) {
  EXPECT_EQ(Show("N."), "None");
  EXPECT_EQ(Show("(\x88\x89I01\nI00\nt."), "(True,False,True,False,)");
  EXPECT_EQ(Show("(K\xffM\xff\xffJ\xff\xff\xff\xffJ\0\0\0\x80t."s), "(255,65535,-1,-2147483648,)");
  EXPECT_EQ(Show("(I-7\nL12L\nL-12\nt."), "(-7,12,-12,)");
  EXPECT_EQ(
      Show("(\x8a\x00\x8a\x01\xff\x8a\x02\x00\x80\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7ft."s),
      "(0,-1,-32768,9223372036854775807,)");
  EXPECT_EQ(Show("(L99999999999999999999L\n\x8a\x09"s + "123456789\x8b\x01\0\0\0\x05t."s),
            "(big:99999999999999999999,big:123456789,5,)");
  EXPECT_EQ(Show("(F1.5\nG\xbf\xf0\0\0\0\0\0\0t."s), "(1.500000,-1.000000,)");
}

TEST(Pickle, ReadsText) {
  EXPECT_EQ(Show("(S'a\\'\\x41\\n'\nS\"b\"\nVc\\u00e9\\U0001F600\xe9\nt."),
            "('a'A\n','b','c\xc3\xa9\xf0\x9f\x98\x80\xc3\xa9',)");
  EXPECT_EQ(Show("(U\x01xT\x01\0\0\0yX\x01\0\0\0z\x8c\x01w\x8d\x01\0\0\0\0\0\0\0vt."s),
            "('x','y','z','w','v',)");
  EXPECT_EQ(Show("(B\x01\0\0\0xC\x01y\x8e\x01\0\0\0\0\0\0\0z\x96\x01\0\0\0\0\0\0\0wt."s),
            "(b'x',b'y',b'z',b'w',)");
}

TEST(Pickle, ReadsContainers) {
  EXPECT_EQ(Show("(])}\x8ft."), "([],(),{},<>,)");
  EXPECT_EQ(Show("(K\x01\x85K\x01K\x02\x86K\x01K\x02K\x03\x87t."), "((1,),(1,2,),(1,2,3,),)");
  EXPECT_EQ(Show("((K\x01l(K\x01K\x02"
                 "d(K\x01\x91t."),
            "([1,],{1,2,},<1,>,)");
  EXPECT_EQ(Show("]K\x01"
                 "a(K\x02K\x03"
                 "e."),
            "[1,2,3,]");
  EXPECT_EQ(Show("}K\x01K\x02s(K\x03K\x04u."), "{1,2,3,4,}");
  EXPECT_EQ(Show("\x8f(K\x01\x90."), "<1,>");
}

TEST(Pickle, SharesThroughTheMemo) {
  for (const char* bytes : {"(]p0\ng0\nt.", "(]q\x05h\x05t.",
                            "(]r\x05\x00\x00\x01j\x05\x00\x00\x01t.", "(]\x94h\x00t."}) {
    const std::string all = bytes[2] == 'r'      ? "(]r\x05\0\0\x01j\x05\0\0\x01t."s
                            : bytes[2] == '\x94' ? "(]\x94h\0t."s
                                                 : std::string(bytes);
    const Pickle pickle = Read(all);
    EXPECT_EQ(pickle.Child(pickle.root(), 0), pickle.Child(pickle.root(), 1));
  }
  const Pickle cycle = Read("]q\0h\0a."s);
  EXPECT_EQ(cycle.Child(cycle.root(), 0), cycle.root());
}

TEST(Pickle, KeepsCallsAsData) {
  EXPECT_EQ(Show("cos\nsystem\n(X\x02\0\0\0lstR."s), "object(os.system,('ls',),None,)");
  EXPECT_EQ(Show("\x8c\x02os\x8c\x06system\x93)\x81}b."), "object(os.system,(),None,{},)");
  EXPECT_EQ(Show("(K\x01ios\nsystem\n."), "object(os.system,(1,),None,)");
  EXPECT_EQ(Show("(cos\nsystem\nK\x01o."), "object(os.system,(1,),None,)");
  EXPECT_EQ(Show("cm\nn\n)}\x92."), "object(m.n,(),None,{},)");
  // Items added to objects, one kind each.
  EXPECT_EQ(Show("cm\nn\n)RK\x01"
                 "a(K\x02"
                 "e."),
            "object(m.n,(),[1,2,],)");
  EXPECT_EQ(Show("cm\nn\n)RK\x01K\x02s."), "object(m.n,(),{1,2,},)");
  EXPECT_EQ(Show("(K\x01tQ."), "persistent((1,),)");
  EXPECT_EQ(Show("Pabc\n."), "persistent('abc',)");
}

TEST(Pickle, KnowsContainersThatArePickledAsCalls) {
  EXPECT_EQ(Show(PickleWriter().OrderedDict().Mark().Int(1).Int(2).SetItems().Finish()), "{1,2,}");
  EXPECT_EQ(Show("ccollections\nOrderedDict\n((](K\x01K\x02"
                 "eltR."),
            "{1,2,}");
  EXPECT_EQ(Show("ccollections\ndefaultdict\n(cm\nn\ntRK\x01K\x02s."), "{1,2,}");
  EXPECT_EQ(Show("c__builtin__\nset\n((K\x01ltR."), "<1,>");
  EXPECT_EQ(Show("cbuiltins\nfrozenset\n((K\x01ltR."), "<1,>");
  EXPECT_EQ(Show("ctorch\nSize\n((K\x01ttR."), "(1,)");
  EXPECT_EQ(Show("ccollections\nOrderedDict\n)R}b."), "{}");
}

TEST(Pickle, StopsAtItsEnd) {
  EXPECT_EQ(Read("K\x01.K\x02.").end(), 3u);
  const std::string two = "K\x01.K\x02.";
  const Pickle second =
      ReadPickle(MemorySource("test", std::as_bytes(std::span(two))), 3, Limits{});
  EXPECT_EQ(second.Int(second.root()), 2);
}

TEST(Pickle, RefusesOperandsThatAreMissingOrOfTheWrongKind) {
  for (const std::string& bytes : {"."s,
                                   "0."s,
                                   "a."s,
                                   "Na."s,
                                   "NNa."s,
                                   "(e."s,
                                   "N(e."s,
                                   "Ne."s,
                                   "}(K\x01u."s,
                                   "(K\x01"
                                   "d."s,
                                   "NNNs."s,
                                   "(K\x01\x90."s,
                                   "](K\x01\x90."s,
                                   "1."s,
                                   "t."s,
                                   "\x85."s,
                                   "K\x01(\x85."s,
                                   "h\x05."s,
                                   "g7\n."s,
                                   "gx\n."s,
                                   "p0\n."s,
                                   "\x94."s,
                                   "R."s,
                                   "N)R."s,
                                   "cm\nn\nNR."s,
                                   "NN\x93."s,
                                   "K\x01K\x02\x93."s,
                                   "(o."s,
                                   "(No."s,
                                   "NNb."s,
                                   "Q."s,
                                   "cm\nn\n)N\x92."s,
                                   "cm\nn\n)RK\x01"
                                   "aK\x01K\x01s."s,
                                   "2."s,
                                   "(2."s}) {
    EXPECT_NE(Refusal(bytes), "") << ::testing::PrintToString(bytes);
  }
}

TEST(Pickle, RefusesMalformedOpcodes) {
  for (const std::string& bytes : {""s,
                                   "\x80\x06N."s,
                                   "\x82\x01."s,
                                   "\x97."s,
                                   "\x98."s,
                                   "\xff."s,
                                   "Ix\n."s,
                                   "I\n."s,
                                   "I1"s,
                                   "I-\n."s,
                                   "Lx\n."s,
                                   "F1.5x\n."s,
                                   "Sa\n."s,
                                   "S'a\n."s,
                                   "S'\\q'\n."s,
                                   "S'\\x4'\n."s,
                                   "V\\u12\n."s,
                                   "V\\U00110000\n."s,
                                   "X\xff\xff\xff\xffx."s,
                                   "\x8d\xff\xff\xff\xff\xff\xff\xff\xffx."s,
                                   "T\xff\xff\xff\x7f."s,
                                   "\x8b\xff\xff\xff\xff."s,
                                   "\x95\xff\xff\0\0\0\0\0\0N."s,
                                   "cm\nn"s}) {
    EXPECT_NE(Refusal(bytes), "") << ::testing::PrintToString(bytes);
  }
}

TEST(Pickle, KeepsToItsLimits) {
  Limits limits;
  limits.pickle_opcodes = 5;
  EXPECT_EQ(Refusal("NNN0.", limits), "");
  EXPECT_NE(Refusal("NNNN00.", limits).find("opcodes"), std::string::npos);
  limits = {};
  limits.pickle_bytes = 4;
  EXPECT_EQ(Refusal("NNN.", limits), "");
  EXPECT_NE(Refusal("NNNN.", limits).find("longer"), std::string::npos);
  EXPECT_NE(Refusal(std::string(65, '(') + "N.").find("deep"), std::string::npos);
  // One byte each: nodes, stack entries, memo entries.
  for (const char* opcode : {"]", "N"}) {
    std::string many;
    for (int i = 0; i < 9'900'000; ++i) many += opcode;
    EXPECT_NE(Refusal(many + "."), "") << opcode;
  }
}

TEST(Pickle, DeepNestingNeedsNoStack) {
  // A million tuples in each other, which are also destroyed.
  std::string bytes = "N" + std::string(500'000, '\x85') + ".";
  const Pickle pickle = Read(bytes);
  NodeId node = pickle.root();
  size_t depth = 0;
  for (; pickle.Is(node, NodeKind::kTuple); node = pickle.Child(node, 0)) ++depth;
  EXPECT_EQ(depth, 500'000u);
}

}  // namespace
}  // namespace gan::core
