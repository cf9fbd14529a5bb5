#include "formats/torch_module.h"

#include <gtest/gtest.h>

#include <string>

#include "formats/checkpoint.h"
#include "formats/testing/module_writer.h"
#include "formats/testing/pickle_writer.h"
#include "gan/error.h"

namespace gan::core {
namespace {

using testing::EmbeddedStorage;
using testing::ModulePickle;
using testing::ModuleZip;
using testing::PersistentPickle;
using testing::PickleWriter;
using testing::PutModuleDict;

Checkpoint Read(const std::string& bytes) {
  return ReadCheckpoint(MemorySource("test", std::as_bytes(std::span(bytes))));
}

std::string Refusal(const std::string& bytes) {
  try {
    Read(bytes);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadData) << error.what();
    return error.what();
  }
  return "";
}

TEST(TorchModule, GivesWhatItsStateDictWould) {
  const Checkpoint got = Read(ModuleZip(ModulePickle()));
  ASSERT_EQ(got.tensors.size(), 3u);
  auto tensor = got.tensors.begin();
  EXPECT_EQ((tensor++)->first, "weight");
  EXPECT_EQ((tensor++)->first, "running_mean");
  EXPECT_EQ((tensor++)->first, "conv.weight");
}

TEST(TorchModule, KeepsItsClassAndPlainAttributes) {
  const Checkpoint got = Read(ModuleZip(ModulePickle()));
  ASSERT_EQ(got.modules.size(), 2u);
  EXPECT_EQ(got.modules.at("").type, "evil.place.Net");
  const ModuleFacts& conv = got.modules.at("conv");
  EXPECT_EQ(conv.type, "torch.nn.modules.conv.Conv2d");
  EXPECT_EQ(conv.Text("stride"), "2,1");
  EXPECT_EQ(conv.Number("stride"), 2);
  EXPECT_EQ(conv.Text("padding_mode"), "reflect");
  EXPECT_EQ(conv.Number("groups"), 4);
}

TEST(TorchModule, ObjectsThatAreNoModulesStayRefused) {
  PickleWriter out;
  out.Global("evil.place", "Net").Raw(")\x81").EmptyDict().Mark();
  PutModuleDict(out, "tensors", {"weight"});
  const std::string message = Refusal(ModuleZip(out.SetItems().Raw("b").Finish()));
  EXPECT_NE(message.find("evil.place.Net, that is no module"), std::string::npos) << message;
}

// A module that is its own child, and one that stands in two places.
TEST(TorchModule, CyclesEndAndSharingNamesBothPlaces) {
  PickleWriter out;
  out.Global("a", "Net").Raw(")\x81q\x07").EmptyDict().Mark();
  PutModuleDict(out, "_parameters", {"w"});
  out.Text("_modules").OrderedDict().Mark().Text("self").Raw("h\x07").SetItems();
  const Checkpoint cycle = Read(ModuleZip(out.SetItems().Raw("b").Finish()));
  EXPECT_TRUE(cycle.tensors.Contains("w"));
  EXPECT_LT(cycle.tensors.size(), 70u);

  PickleWriter twice;
  twice.EmptyDict().Mark().Text("a").Global("a", "Net").Raw(")\x81q\x07").EmptyDict().Mark();
  PutModuleDict(twice, "_parameters", {"w"});
  twice.SetItems().Raw("b").Text("b").Raw("h\x07").SetItems();
  const Checkpoint shared = Read(ModuleZip(twice.Finish()));
  EXPECT_TRUE(shared.tensors.Contains("a.w"));
  EXPECT_TRUE(shared.tensors.Contains("b.w"));
}

TEST(TorchModule, ReadsPersistentObjectsWithEmbeddedStorages) {
  const std::string values("\0\0\x80\x3f\0\0\0\x40", 8);
  const Checkpoint got = Read(PersistentPickle(EmbeddedStorage(values, 2)));
  ASSERT_EQ(got.tensors.size(), 1u);
  const Tensor& tensor = got.tensors.At("G_ema.const");
  EXPECT_EQ(tensor.floats()[0], 1);
  EXPECT_EQ(tensor.floats()[1], 2);
  EXPECT_EQ(got.modules.at("G_ema").type, "Generator");
}

TEST(TorchModule, EmbeddedStoragesAreWholeAndAlone) {
  const std::string values(8, '\0');
  EXPECT_EQ(Refusal(PersistentPickle(EmbeddedStorage(values, 2))), "");
  for (const std::string& storage :
       {EmbeddedStorage(values, 3), EmbeddedStorage(values + "x", 2), EmbeddedStorage(values, -1),
        std::string("nonsense"), std::string()}) {
    EXPECT_NE(Refusal(PersistentPickle(storage)), "") << storage.size();
  }
}

}  // namespace
}  // namespace gan::core
