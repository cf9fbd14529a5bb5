#include "formats/safetensors_header.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_set>
#include <utility>

#include "base/error.h"
#include "formats/tensor_names.h"

namespace gan::core {
namespace {

using Json = nlohmann::json;

struct DTypeName {
  std::string_view name;
  DType dtype;
};

constexpr std::array kDTypes = {DTypeName{"F32", DType::kF32},   DTypeName{"F16", DType::kF16},
                                DTypeName{"BF16", DType::kBF16}, DTypeName{"F64", DType::kF64},
                                DTypeName{"U8", DType::kU8},     DTypeName{"I8", DType::kI8},
                                DTypeName{"I16", DType::kI16},   DTypeName{"I32", DType::kI32},
                                DTypeName{"I64", DType::kI64},   DTypeName{"BOOL", DType::kBool}};

// Takes the parser's events; where it stands is the whole state, so nothing nests.
class HeaderReader final : public nlohmann::json_sax<Json> {
 public:
  HeaderReader(std::string_view where, const Limits& limits) : where_(where), limits_(limits) {}

  SafetensorsHeader Take() { return std::move(header_); }

  bool start_object(std::size_t /*size*/) override {
    if (place_ == Place::kStart) {
      place_ = Place::kTop;
    } else if (place_ == Place::kTop) {
      if (tensor_name_ == "__metadata__") {
        place_ = Place::kMetadata;
      } else {
        BeginTensor();
      }
    } else {
      Unexpected("an object");
    }
    return true;
  }

  bool end_object() override {
    if (place_ == Place::kTensor) {
      EndTensor();
    } else if (place_ == Place::kTop) {
      place_ = Place::kEnd;
      return true;
    }
    place_ = Place::kTop;
    return true;
  }

  bool key(string_t& text) override {
    if (place_ == Place::kTop) {
      if (!names_.insert(text).second) Bad("has the key twice", text);
      tensor_name_ = text;
    } else if (place_ == Place::kMetadata) {
      metadata_key_ = text;
      if (header_.metadata.contains(text)) Bad("has the metadata key twice", text);
    } else {
      field_ = text;
    }
    return true;
  }

  bool string(string_t& text) override {
    if (place_ == Place::kMetadata) {
      header_.metadata.emplace(metadata_key_, std::move(text));
    } else if (place_ == Place::kTensor && field_ == "dtype" && !dtype_) {
      const auto* found = std::find_if(kDTypes.begin(), kDTypes.end(),
                                       [&](const DTypeName& d) { return d.name == text; });
      if (found == kDTypes.end()) Bad("has an element type that is not supported", text);
      dtype_ = found->dtype;
    } else {
      Unexpected("a string");
    }
    return true;
  }

  bool start_array(std::size_t /*size*/) override {
    const bool shape = field_ == "shape" && !shape_;
    const bool offsets = field_ == "data_offsets" && !offsets_;
    if (place_ != Place::kTensor || (!shape && !offsets)) Unexpected("an array");
    place_ = Place::kArray;
    numbers_.clear();
    return true;
  }

  bool end_array() override {
    place_ = Place::kTensor;
    if (field_ == "shape") {
      shape_.emplace(std::span<const int64_t>(numbers_));
    } else {
      if (numbers_.size() != 2) Bad("wants two data_offsets for", tensor_name_);
      offsets_ = {static_cast<uint64_t>(numbers_[0]), static_cast<uint64_t>(numbers_[1])};
    }
    return true;
  }

  bool number_unsigned(number_unsigned_t value) override {
    if (place_ != Place::kArray) Unexpected("a number");
    if (value > static_cast<uint64_t>(INT64_MAX)) Bad("has too large a number in", tensor_name_);
    if (numbers_.size() >= limits_.rank) Bad("has too many axes in", tensor_name_);
    numbers_.push_back(static_cast<int64_t>(value));
    return true;
  }

  bool null() override { Unexpected("null"); }
  bool boolean(bool /*value*/) override { Unexpected("a truth value"); }
  bool number_integer(number_integer_t /*value*/) override { Unexpected("a negative number"); }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override {
    Unexpected("a fraction");
  }
  bool binary(binary_t& /*value*/) override { Unexpected("binary data"); }

  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    Fail(ErrorCode::kBadData, where_, "wants a JSON header, it breaks at its byte {}", position);
  }

 private:
  enum class Place { kStart, kTop, kMetadata, kTensor, kArray, kEnd };

  [[noreturn]] void Bad(std::string_view what, std::string_view name) const {
    Fail(ErrorCode::kBadData, where_, "the safetensors header {} \"{}\"", what, Printable(name));
  }
  [[noreturn]] void Unexpected(std::string_view what) const {
    Fail(ErrorCode::kBadData, where_, "the safetensors header has {} where none belongs, at \"{}\"",
         what, Printable(tensor_name_));
  }

  void BeginTensor() {
    if (header_.entries.size() >= limits_.tensors) {
      Fail(ErrorCode::kBadData, where_, "holds more than {} tensors", limits_.tensors);
    }
    CheckTensorName(where_, tensor_name_, limits_);
    place_ = Place::kTensor;
    dtype_.reset();
    shape_.reset();
    offsets_.reset();
    field_.clear();
  }

  void EndTensor() {
    if (!dtype_ || !shape_ || !offsets_)
      Bad("wants dtype, shape and data_offsets for", tensor_name_);
    header_.entries.push_back({tensor_name_, *dtype_, *shape_, offsets_->first, offsets_->second});
  }

  std::string_view where_;
  const Limits& limits_;
  SafetensorsHeader header_;
  std::unordered_set<std::string> names_;
  Place place_ = Place::kStart;
  std::string tensor_name_, metadata_key_, field_;
  std::vector<int64_t> numbers_;
  std::optional<DType> dtype_;
  std::optional<Shape> shape_;
  std::optional<std::pair<uint64_t, uint64_t>> offsets_;
};

}  // namespace

std::string_view SafetensorsName(DType dtype) {
  const auto* found = std::find_if(kDTypes.begin(), kDTypes.end(),
                                   [&](const DTypeName& d) { return d.dtype == dtype; });
  GAN_ASSERT(found != kDTypes.end());
  return found->name;
}

SafetensorsHeader ParseSafetensorsHeader(std::string_view where, std::string_view text,
                                         const Limits& limits) {
  HeaderReader reader(where, limits);
  if (text.empty() || text.front() != '{') {
    Fail(ErrorCode::kBadData, where, "wants a header that begins with {{");
  }
  Json::sax_parse(text, &reader);
  return reader.Take();
}

}  // namespace gan::core
