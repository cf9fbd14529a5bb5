#include "formats/npy.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/checked.h"
#include "base/error.h"

namespace gan::core {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kMagic = "\x93NUMPY"sv;

// Types that tensors do not have are read into the next wider one that holds all their values.
struct Descr {
  std::string_view text;
  DType dtype;
  bool widened = false;  // half the bytes of dtype, unsigned
};

constexpr std::array kDescrs = {
    Descr{"<f4", DType::kF32},       Descr{"<f2", DType::kF16},      Descr{"<f8", DType::kF64},
    Descr{"|u1", DType::kU8},        Descr{"|i1", DType::kI8},       Descr{"<i2", DType::kI16},
    Descr{"<i4", DType::kI32},       Descr{"<i8", DType::kI64},      Descr{"|b1", DType::kBool},
    Descr{"<u2", DType::kI32, true}, Descr{"<u4", DType::kI64, true}};

struct Header {
  std::optional<Descr> descr;
  std::optional<bool> fortran;
  std::optional<Shape> shape;
};

// Reads the dict that NumPy writes: its three keys in any order, each once.
class HeaderParser {
 public:
  HeaderParser(std::string_view where, std::string_view text, const Limits& limits)
      : where_(where), text_(text), limits_(limits) {}

  Header Parse() {
    Header out;
    Expect('{');
    while (!Accept('}')) {
      const std::string_view key = Quoted();
      Expect(':');
      if (key == "descr" && !out.descr) {
        out.descr = ReadDescr();
      } else if (key == "fortran_order" && !out.fortran) {
        out.fortran = ReadBool();
      } else if (key == "shape" && !out.shape) {
        out.shape = ReadShape();
      } else {
        Fail(ErrorCode::kBadData, where_, "the array header has a strange key \"{}\"",
             Printable(key));
      }
      if (!Accept(',')) {
        Expect('}');
        break;
      }
    }
    SkipSpace();
    if (!text_.empty() || !out.descr || !out.fortran || !out.shape) {
      Fail(ErrorCode::kBadData, where_,
           "the array header wants descr, fortran_order and shape, and nothing else");
    }
    return out;
  }

 private:
  void SkipSpace() {
    while (!text_.empty() && (text_[0] == ' ' || text_[0] == '\n')) text_.remove_prefix(1);
  }
  bool Accept(char wanted) {
    SkipSpace();
    if (text_.empty() || text_[0] != wanted) return false;
    text_.remove_prefix(1);
    return true;
  }
  void Expect(char wanted) {
    if (!Accept(wanted)) {
      Fail(ErrorCode::kBadData, where_, "the array header wants '{}' before \"{}\"", wanted,
           Printable(text_, 20));
    }
  }
  std::string_view Quoted() {
    const char quote = Accept('\'') ? '\'' : '"';
    if (quote == '"') Expect('"');
    const size_t end = text_.find(quote);
    if (end == std::string_view::npos) {
      Fail(ErrorCode::kBadData, where_, "the array header has a string without an end");
    }
    const std::string_view out = text_.substr(0, end);
    text_.remove_prefix(end + 1);
    return out;
  }
  Descr ReadDescr() {
    SkipSpace();
    if (!text_.empty() && text_[0] == '[') {
      Fail(ErrorCode::kBadData, where_, "holds records with fields, one number each is wanted");
    }
    const std::string_view text = Quoted();
    const auto* found = std::find_if(kDescrs.begin(), kDescrs.end(),
                                     [&](const Descr& d) { return d.text == text; });
    if (found == kDescrs.end()) {
      Fail(ErrorCode::kBadData, where_, "holds elements of type \"{}\"; wants <f4 or the like",
           Printable(text));
    }
    return *found;
  }
  bool ReadBool() {
    SkipSpace();
    const bool value = text_.starts_with("True");
    if (!value && !text_.starts_with("False")) {
      Fail(ErrorCode::kBadData, where_, "fortran_order wants True or False");
    }
    text_.remove_prefix(value ? 4 : 5);
    return value;
  }
  Shape ReadShape() {
    std::vector<int64_t> sizes;
    Expect('(');
    while (!Accept(')')) {
      SkipSpace();
      int64_t size = 0;
      const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), size);
      if (error != std::errc{} || size < 0 || sizes.size() >= limits_.rank) {
        Fail(ErrorCode::kBadData, where_, "wants a shape of at most {} sizes before \"{}\"",
             limits_.rank, Printable(text_, 20));
      }
      text_.remove_prefix(static_cast<size_t>(end - text_.data()));
      sizes.push_back(size);
      if (!Accept(',')) {
        Expect(')');
        break;
      }
    }
    return Shape(std::span<const int64_t>(sizes));
  }

  std::string_view where_;
  std::string_view text_;
  const Limits& limits_;
};

template <class Narrow, class Wide>
void Widen(std::span<const std::byte> from, std::span<std::byte> to) {
  for (size_t i = 0; i < from.size() / sizeof(Narrow); ++i) {
    Narrow narrow{};
    std::memcpy(&narrow, from.data() + i * sizeof narrow, sizeof narrow);
    const Wide wide = narrow;
    std::memcpy(to.data() + i * sizeof wide, &wide, sizeof wide);
  }
}

// Requires the bytes to exist.
Tensor ReadData(const ByteSource& source, uint64_t offset, const Header& header) {
  Tensor out(header.descr->dtype, *header.shape);
  if (!header.descr->widened) {
    source.ReadAt(offset, out.raw());
    return out;
  }
  const std::vector<std::byte> narrow = source.ReadAt(offset, uint64_t{out.bytes() / 2});
  if (out.dtype() == DType::kI32) {
    Widen<uint16_t, int32_t>(narrow, out.raw());
  } else {
    Widen<uint32_t, int64_t>(narrow, out.raw());
  }
  return out;
}

Tensor FromFortranOrder(const Tensor& tensor) {
  const Shape& shape = tensor.shape();
  Strides strides{};
  int64_t step = 1;
  for (size_t axis = 0; axis < shape.rank(); ++axis) {
    strides[axis] = step;
    step *= shape[axis];
  }
  Tensor out(tensor.dtype(), shape);
  CopyElements(ConstTensorView(tensor.raw().data(), tensor.dtype(), shape, strides), out.view());
  return out;
}

}  // namespace

Tensor ReadNpy(const std::filesystem::path& path, const Limits& limits) {
  return ReadNpy(FileSource(path, limits.file_bytes), limits);
}

Tensor ReadNpy(const ByteSource& source, const Limits& limits) {
  std::array<std::byte, 12> start{};
  source.ReadAt(0, std::span(start.data(), std::min<uint64_t>(start.size(), source.size())));
  if (std::memcmp(start.data(), kMagic.data(), kMagic.size()) != 0) {
    Fail(ErrorCode::kBadData, source.name(), "is no NumPy array (.npy)");
  }
  const int version = std::to_integer<int>(start[6]);
  if (version < 1 || version > 3) {
    Fail(ErrorCode::kBadData, source.name(), "is a .npy of version {}, 1 to 3 are read", version);
  }
  const uint64_t length_bytes = version == 1 ? 2 : 4;
  uint32_t header_bytes = 0;
  std::memcpy(&header_bytes, start.data() + 8, length_bytes);
  if (header_bytes > limits.npy_header) {
    Fail(ErrorCode::kBadData, source.name(), "wants a header of {} bytes, at most {} are read",
         header_bytes, limits.npy_header);
  }
  const std::vector<std::byte> text = source.ReadAt(8 + length_bytes, uint64_t{header_bytes});
  const Header header =
      HeaderParser(source.name(), {reinterpret_cast<const char*>(text.data()), text.size()}, limits)
          .Parse();
  const uint64_t data = 8 + length_bytes + header_bytes;
  const size_t element = SizeOf(header.descr->dtype) / (header.descr->widened ? 2 : 1);
  const auto bytes = CheckedMul<int64_t>(header.shape->elements(), static_cast<int64_t>(element));
  if (!bytes || static_cast<uint64_t>(*bytes) != source.size() - data) {
    Fail(ErrorCode::kBadData, source.name(), "is {} {}, which {} bytes of data do not fill",
         header.descr->text, header.shape->ToString(), source.size() - data);
  }
  const Tensor out = ReadData(source, data, header);
  return *header.fortran && out.shape().rank() > 1 ? FromFortranOrder(out) : out;
}

void WriteNpy(const std::filesystem::path& path, const Tensor& tensor) {
  GAN_ASSERT(tensor.dtype() == DType::kF32);
  std::string sizes;
  for (const int64_t size : tensor.shape().sizes()) sizes += fmt::format("{},", size);
  std::string header =
      fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}), }}", sizes);
  // Magic, version, length and header fill a multiple of 64 bytes, the last of them a newline.
  const size_t before = kMagic.size() + 4;
  header.append(63 - (before + header.size()) % 64, ' ');
  header += '\n';
  const auto length = static_cast<uint16_t>(header.size());
  AtomicFile file(path);
  file.Write(kMagic);
  file.Write("\x01\x00"sv);
  file.Write(std::as_bytes(std::span(&length, 1)));
  file.Write(header);
  file.Write(tensor.raw());
  file.Commit();
}

}  // namespace gan::core
