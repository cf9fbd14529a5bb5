#include "formats/testing/torch_writer.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "formats/testing/pickle_writer.h"
#include "formats/testing/zip_writer.h"

namespace gan::core::testing {
namespace {

std::string_view StorageName(DType dtype) {
  constexpr std::array<std::string_view, 10> kNames = {
      "FloatStorage", "HalfStorage",  "BFloat16Storage", "DoubleStorage", "ByteStorage",
      "CharStorage",  "ShortStorage", "IntStorage",      "LongStorage",   "BoolStorage"};
  return kNames[static_cast<size_t>(dtype)];
}

struct Storage {
  DType dtype = DType::kF32;
  std::string bytes;
  size_t elements() const { return bytes.size() / SizeOf(dtype); }
};

// Where a tensor's elements went.
struct Placed {
  size_t storage = 0;
  size_t offset = 0;
  std::vector<int64_t> sizes, strides;
};

class Writer {
 public:
  explicit Writer(const TorchWriteOptions& options) : options_(options) {}

  std::string Write(std::span<const TorchGroup> groups) {
    // Storages are complete before the pickle names their sizes.
    for (const TorchGroup& group : groups) {
      for (const auto& [name, tensor] : group.tensors) placed_.push_back(Place(tensor));
    }
    if (options_.script) out_.Global("__torch__", "Net").Raw(")\x81");
    const bool bare = groups.size() == 1 && groups[0].key.empty();
    if (bare) {
      PutTensors(groups[0].tensors);
    } else {
      out_.EmptyDict().Mark();
      for (const TorchGroup& group : groups) {
        out_.Text(group.key);
        PutTensors(group.tensors);
      }
      if (options_.junk) PutJunk();
      out_.SetItems();
    }
    if (options_.script) out_.Raw("b");
    const std::string object = out_.Finish();
    return options_.legacy ? Legacy(object) : Zip(object);
  }

 private:
  Placed Place(const Tensor& tensor) {
    Tensor data = tensor;
    Placed out;
    out.sizes.assign(tensor.shape().sizes().begin(), tensor.shape().sizes().end());
    Strides strides = ContiguousStrides(tensor.shape());
    const size_t rank = out.sizes.size();
    if (options_.transposed && rank >= 2) {
      std::vector<int64_t> swapped = out.sizes;
      std::swap(swapped[rank - 1], swapped[rank - 2]);
      data = Tensor(tensor.dtype(), Shape(std::span<const int64_t>(swapped)));
      strides = ContiguousStrides(data.shape());
      std::swap(strides[rank - 1], strides[rank - 2]);
      CopyElements(tensor.view(),
                   TensorView(data.raw().data(), tensor.dtype(), tensor.shape(), strides));
    }
    out.strides.assign(strides.begin(), strides.begin() + static_cast<std::ptrdiff_t>(rank));
    out.storage = StorageFor(tensor.dtype());
    Storage& storage = storages_[out.storage];
    out.offset = storage.elements();
    storage.bytes.append(reinterpret_cast<const char*>(data.raw().data()), data.bytes());
    return out;
  }

  size_t StorageFor(DType dtype) {
    for (size_t i = 0; options_.share_storage && i < storages_.size(); ++i) {
      if (storages_[i].dtype == dtype) return i;
    }
    storages_.push_back({dtype, ""});
    return storages_.size() - 1;
  }

  void PutTensors(const NamedTensors& tensors) {
    out_.OrderedDict().Mark();
    for (const auto& [name, tensor] : tensors) {
      out_.Text(name);
      PutTensor(placed_[next_++]);
    }
    out_.SetItems();
    // A state dict's attributes, as torch writes them.
    out_.EmptyDict().Mark().Text("_metadata").OrderedDict().SetItems().Raw("b");
  }

  void PutTensor(const Placed& placed) {
    const Storage& storage = storages_[placed.storage];
    out_.Global("torch._utils", "_rebuild_tensor_v2").Mark();
    out_.Mark().Text("storage").Global("torch", StorageName(storage.dtype));
    out_.Text(fmt::format("{}", placed.storage)).Text("cpu");
    out_.Int(static_cast<int64_t>(storage.elements()));
    if (options_.legacy) out_.None();
    out_.Tuple().Persistent();
    out_.Int(static_cast<int64_t>(placed.offset)).Ints(placed.sizes).Ints(placed.strides);
    out_.Bool(false).OrderedDict().Tuple().Call();
  }

  void PutJunk() {
    out_.Text("epoch").Int(100'000);
    out_.Text("loss").Raw(std::string_view("G\x3f\xf0\0\0\0\0\0\0", 9));
    out_.Text("optimizer").EmptyDict().Mark();
    out_.Int(0).EmptyList().Mark().Int(1).Int(70'000'000'000).None().Appends();
    out_.SetItems();
    out_.Text("scheduler").Global("torch.optim.lr_scheduler", "StepLR").EmptyTuple().Call();
  }

  std::string Bytes(const Storage& storage) const {
    std::string out = storage.bytes;
    const size_t size = SizeOf(storage.dtype);
    for (size_t i = 0; options_.big_endian && i < out.size(); i += size) {
      std::reverse(out.begin() + static_cast<std::ptrdiff_t>(i),
                   out.begin() + static_cast<std::ptrdiff_t>(i + size));
    }
    return out;
  }

  std::string Zip(const std::string& object) const {
    ZipWriter::Options zip_options;
    zip_options.deflate = options_.deflate;
    zip_options.descriptors = options_.descriptors;
    zip_options.zip64 = options_.zip64;
    zip_options.checksums = options_.checksums;
    ZipWriter zip(zip_options);
    if (options_.folder_entries) zip.Add("archive/", "");
    zip.Add("archive/data.pkl", object);
    if (options_.script) zip.Add("archive/constants.pkl", "\x80\x02).");
    if (options_.script) zip.Add("archive/code/__torch__.py", "class Net(Module):\n");
    if (options_.big_endian) zip.Add("archive/byteorder", "big");
    if (options_.folder_entries) zip.Add("archive/data/", "");
    for (size_t i = 0; i < storages_.size(); ++i) {
      zip.Add(fmt::format("archive/data/{}", i), Bytes(storages_[i]));
    }
    zip.Add("archive/version", "3\n");
    return zip.Finish();
  }

  std::string Legacy(const std::string& object) const {
    using namespace std::string_view_literals;
    std::string out =
        PickleWriter().Raw("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"sv).Finish();
    out += PickleWriter().Int(1001).Finish();
    out += PickleWriter()
               .EmptyDict()
               .Mark()
               .Text("protocol_version")
               .Int(1001)
               .Text("little_endian")
               .Bool(!options_.big_endian)
               .SetItems()
               .Finish();
    out += object;
    PickleWriter keys;
    keys.EmptyList().Mark();
    for (size_t i = 0; i < storages_.size(); ++i) keys.Text(fmt::format("{}", i));
    out += keys.Appends().Finish();
    for (const Storage& storage : storages_) {
      uint64_t elements = storage.elements();
      if (options_.big_endian) elements = __builtin_bswap64(elements);
      out.append(reinterpret_cast<const char*>(&elements), sizeof elements);
      out += Bytes(storage);
    }
    return out;
  }

  const TorchWriteOptions& options_;
  PickleWriter out_;
  std::vector<Storage> storages_;
  std::vector<Placed> placed_;
  size_t next_ = 0;
};

}  // namespace

std::string TorchBytes(std::span<const TorchGroup> groups, const TorchWriteOptions& options) {
  return Writer(options).Write(groups);
}

std::string TorchBytes(const NamedTensors& tensors, const TorchWriteOptions& options) {
  const TorchGroup bare{"", tensors};
  return TorchBytes(std::span(&bare, 1), options);
}

void WriteTorch(const std::filesystem::path& path, std::span<const TorchGroup> groups,
                const TorchWriteOptions& options) {
  AtomicFile file(path);
  file.Write(TorchBytes(groups, options));
  file.Commit();
}

void WriteTorch(const std::filesystem::path& path, const NamedTensors& tensors,
                const TorchWriteOptions& options) {
  const TorchGroup bare{"", tensors};
  WriteTorch(path, std::span(&bare, 1), options);
}

}  // namespace gan::core::testing
