#include "formats/ncnn_param.h"

#include <algorithm>
#include <cfloat>
#include <charconv>
#include <cmath>
#include <optional>
#include <unordered_set>

#include "formats/tensor_names.h"

namespace gan::core {
namespace {

constexpr std::string_view kSpace = " \t\r";
constexpr int kOldList = -23300;  // keys at or below it hold a counted list
constexpr int kKeys = 32;         // ncnn's NCNN_MAX_PARAM_COUNT

template <class Number>
std::optional<Number> Parse(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Cuts the next word off `line`; "" at its end.
std::string_view NextWord(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(kSpace), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(kSpace));
  line.remove_prefix(word.size());
  return word;
}

class Lines {
 public:
  Lines(std::string_view file, std::string_view text) : file_(file), text_(text) {}

  // The next line that is not blank; false at the end.
  bool Next(std::string_view& line) {
    while (!text_.empty()) {
      const size_t end = std::min(text_.find('\n'), text_.size());
      line = text_.substr(0, end);
      text_.remove_prefix(std::min(end + 1, text_.size()));
      ++number_;
      if (line.find_first_not_of(kSpace) != std::string_view::npos) return true;
    }
    return false;
  }

  size_t number() const { return number_; }

  template <class... Args>
  [[noreturn]] void FailHere(fmt::format_string<Args...> text, Args&&... args) const {
    Fail(ErrorCode::kBadData, file_, "line {} {}", number_,
         fmt::format(text, std::forward<Args>(args)...));
  }

 private:
  std::string_view file_;
  std::string_view text_;
  size_t number_ = 0;
};

size_t RequireCount(const Lines& lines, std::string_view word, std::string_view what, size_t most) {
  const std::optional<size_t> count = Parse<size_t>(word);
  if (!count || *count > most) {
    lines.FailHere("wants {} up to {}, got \"{}\": cut short?", what, most, Printable(word));
  }
  return *count;
}

void ParseNames(const Lines& lines, std::string_view& line, size_t count,
                std::vector<std::string_view>& names) {
  names.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    names.push_back(NextWord(line));
    if (names.back().empty()) lines.FailHere("ends before its {} names do: cut short?", count);
  }
}

NcnnLayer::Option ParseOption(const Lines& lines, std::string_view word) {
  const size_t equals = word.find('=');
  std::optional<int> key;
  if (equals != std::string_view::npos) key = Parse<int>(word.substr(0, equals));
  if (!key) lines.FailHere("wants <key>=<value>, got \"{}\"", Printable(word));
  std::string_view value = word.substr(equals + 1);
  const bool counted = *key <= kOldList;
  if (counted) key = kOldList - *key;
  if (*key < 0 || *key >= kKeys) {
    lines.FailHere("wants keys from 0 to {}, got \"{}\"", kKeys - 1, Printable(word));
  }
  if (!counted) return {*key, value};
  const std::optional<size_t> count = Parse<size_t>(value.substr(0, value.find(',')));
  const auto items = static_cast<size_t>(std::ranges::count(value, ','));
  if (!count || *count != items) {
    lines.FailHere("promises a list of another length than it has: \"{}\"", Printable(word));
  }
  value.remove_prefix(std::min(value.find(','), value.size() - 1) + 1);
  return {*key, value};
}

NcnnLayer ParseLayer(const Lines& lines, std::string_view file, std::string_view line) {
  NcnnLayer layer;
  layer.file = file;
  layer.line = lines.number();
  // A name takes two bytes at least, with its space.
  const size_t most = line.size() / 2;
  layer.type = NextWord(line);
  layer.name = NextWord(line);
  const size_t inputs = RequireCount(lines, NextWord(line), "a number of inputs", most);
  const size_t outputs = RequireCount(lines, NextWord(line), "a number of outputs", most);
  ParseNames(lines, line, inputs, layer.inputs);
  ParseNames(lines, line, outputs, layer.outputs);
  uint32_t seen = 0;
  for (std::string_view word = NextWord(line); !word.empty(); word = NextWord(line)) {
    const NcnnLayer::Option option = ParseOption(lines, word);
    if ((seen >> option.key & 1) != 0) lines.FailHere("gives option {} twice", option.key);
    seen |= uint32_t{1} << option.key;
    layer.options.push_back(option);
  }
  return layer;
}

std::vector<std::string_view> Items(std::string_view list) {
  std::vector<std::string_view> items;
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    items.push_back(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return items;
}

int64_t WholeNumber(const NcnnLayer& layer, int key, std::string_view text) {
  const std::optional<int64_t> number = Parse<int64_t>(text);
  if (!number) layer.FailHere("option {} wants a whole number, got \"{}\"", key, Printable(text));
  return *number;
}

float RealNumber(const NcnnLayer& layer, int key, std::string_view text) {
  const std::optional<double> number = Parse<double>(text);
  if (!number || !(std::abs(*number) <= static_cast<double>(FLT_MAX))) {
    layer.FailHere("option {} wants a number, got \"{}\"", key, Printable(text));
  }
  return static_cast<float>(*number);
}

}  // namespace

const NcnnLayer::Option* NcnnLayer::Find(int key) const {
  const auto found = std::ranges::find(options, key, &Option::key);
  return found == options.end() ? nullptr : &*found;
}

int64_t NcnnLayer::Int(int key, int64_t usual, int64_t low, int64_t high) const {
  const Option* option = Find(key);
  const int64_t number = option == nullptr ? usual : WholeNumber(*this, key, option->value);
  if (number < low || number > high) {
    FailHere("option {} wants {} to {}, got {}", key, low, high, number);
  }
  return number;
}

float NcnnLayer::Float(int key, float usual) const {
  const Option* option = Find(key);
  return option == nullptr ? usual : RealNumber(*this, key, option->value);
}

std::vector<int64_t> NcnnLayer::Ints(int key) const {
  std::vector<int64_t> out;
  if (const Option* option = Find(key)) {
    for (const std::string_view item : Items(option->value)) {
      out.push_back(WholeNumber(*this, key, item));
    }
  }
  return out;
}

std::vector<float> NcnnLayer::Floats(int key) const {
  std::vector<float> out;
  if (const Option* option = Find(key)) {
    for (const std::string_view item : Items(option->value)) {
      out.push_back(RealNumber(*this, key, item));
    }
  }
  return out;
}

Size2d NcnnLayer::Size(int width_key, int height_key, int64_t usual, int64_t low) const {
  const int64_t width = Int(width_key, usual, low, 1 << 16);
  return {Int(height_key, width, low, 1 << 16), width};
}

Padding2d NcnnLayer::Padding(int left_key, int right_key, int top_key, int bottom_key) const {
  Padding2d out;
  out.left = Int(left_key, 0, -(1 << 16), 1 << 16);
  out.right = Int(right_key, out.left, -(1 << 16), 1 << 16);
  out.top = Int(top_key, out.left, -(1 << 16), 1 << 16);
  out.bottom = Int(bottom_key, out.top, -(1 << 16), 1 << 16);
  return out;
}

std::vector<NcnnLayer> ParseNcnnParam(std::string_view file, std::string_view text,
                                      const Limits& limits) {
  Lines lines(file, text);
  std::string_view line;
  if (!lines.Next(line) || NextWord(line) != "7767517") {
    Fail(ErrorCode::kBadData, file, "wants 7767517 as its first line: no ncnn .param file");
  }
  if (!lines.Next(line)) Fail(ErrorCode::kBadData, file, "ends after its first line: cut short?");
  const size_t count =
      RequireCount(lines, NextWord(line), "a number of layers", limits.ncnn_layers);
  const size_t blobs = RequireCount(lines, NextWord(line), "a number of blobs", limits.tensors);
  std::vector<NcnnLayer> layers;
  std::unordered_set<std::string_view> names;
  while (lines.Next(line)) {
    layers.push_back(ParseLayer(lines, file, line));
    CheckTensorName(file, layers.back().name, limits);
    for (const std::string_view name : layers.back().outputs) {
      if (!names.insert(name).second) lines.FailHere("makes \"{}\" again", Printable(name));
    }
    if (layers.size() > count || names.size() > blobs) {
      lines.FailHere("is one too many: the second line promises {} layers and {} blobs", count,
                     blobs);
    }
  }
  if (layers.size() != count) {
    Fail(ErrorCode::kBadData, file, "promises {} layers and has {}: cut short?", count,
         layers.size());
  }
  return layers;
}

}  // namespace gan::core
