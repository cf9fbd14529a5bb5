#include "formats/testing/module_writer.h"

#include <array>

#include "formats/testing/zip_writer.h"

namespace gan::core::testing {

// A tensor [1] of the one storage of the archive.
void PutModuleTensor(PickleWriter& out) {
  out.Global("torch._utils", "_rebuild_tensor_v2").Mark();
  out.Mark().Text("storage").Global("torch", "FloatStorage").Text("0").Text("cpu").Int(1);
  out.Tuple().Persistent().Int(0).Ints(std::array<int64_t, 1>{1}).Ints(std::array<int64_t, 1>{1});
  out.Bool(false).OrderedDict().Tuple().Call();
}

void PutModuleDict(PickleWriter& out, const char* key, std::initializer_list<const char*> tensors) {
  out.Text(key).OrderedDict().Mark();
  for (const char* name : tensors) out.Text(name), PutModuleTensor(out);
  out.SetItems();
}

// The module "Net" with weight, running_mean, an unsaved buffer and the convolution "conv".
std::string ModulePickle() {
  PickleWriter out;
  out.Global("evil.place", "Net").Raw(")\x81").EmptyDict().Mark();
  out.Text("training").Bool(true);
  PutModuleDict(out, "_parameters", {"weight"});
  PutModuleDict(out, "_buffers", {"running_mean", "scratch"});
  out.Text("_non_persistent_buffers_set").Global("__builtin__", "set");
  out.EmptyList().Mark().Text("scratch").Appends().Raw("\x85").Call();
  out.Text("_modules").OrderedDict().Mark().Text("conv");
  out.Global("torch.nn.modules.conv", "Conv2d").Raw(")\x81").EmptyDict().Mark();
  PutModuleDict(out, "_parameters", {"weight"});
  out.Text("stride").Ints(std::array<int64_t, 2>{2, 1}).Text("padding_mode").Text("reflect");
  out.Text("groups").Int(4).SetItems().Raw("b");
  return out.SetItems().SetItems().Raw("b").Finish();
}

std::string ModuleZip(const std::string& pickle) {
  ZipWriter zip;
  zip.Add("a/data.pkl", pickle);
  zip.Add("a/data/0", std::string(4, '\0'));
  return zip.Finish();
}

// What Python's own pickler makes of a storage: a call on the bytes of a file before 1.6.
std::string EmbeddedStorage(std::string_view values, int64_t elements) {
  PickleWriter object;
  object.Mark().Text("storage").Global("torch", "FloatStorage").Text("7").Text("cpu");
  object.Int(elements).None().Tuple().Persistent();
  PickleWriter keys;
  keys.EmptyList().Mark().Text("7").Appends();
  PickleWriter magic;
  magic.Raw(std::string_view("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 12));
  PickleWriter protocol;
  protocol.Int(1001);
  PickleWriter system;
  system.EmptyDict().Mark().Text("little_endian").Bool(true).SetItems();
  const int64_t count = elements;
  return magic.Finish() + protocol.Finish() + system.Finish() + object.Finish() + keys.Finish() +
         std::string(reinterpret_cast<const char*>(&count), sizeof count) + std::string(values);
}

std::string PersistentPickle(const std::string& storage) {
  PickleWriter out;
  out.EmptyDict().Mark().Text("G_ema");
  out.Global("torch_utils.persistence", "_reconstruct_persistent_obj").EmptyDict().Mark();
  out.Text("class_name").Text("Generator").Text("module_src").Text("import os; os.abort()");
  out.Text("state").EmptyDict().Mark().Text("_modules").OrderedDict();
  out.Text("_parameters").OrderedDict().Mark().Text("const");
  out.Global("torch._utils", "_rebuild_tensor_v2").Mark();
  const auto size = static_cast<uint32_t>(storage.size());
  out.Global("torch.storage", "_load_from_bytes").Raw("B");
  out.Raw(std::string_view(reinterpret_cast<const char*>(&size), sizeof size)).Raw(storage);
  out.Raw("\x85").Call();
  out.Int(0).Ints(std::array<int64_t, 1>{2}).Ints(std::array<int64_t, 1>{1}).Bool(false);
  out.OrderedDict().Tuple().Call().SetItems().SetItems();
  return out.SetItems().Raw("\x85").Call().SetItems().Finish();
}

}  // namespace gan::core::testing
