#include "data/labels_csv.h"

#include <algorithm>
#include <cctype>
#include <cstddef>

#include "base/error.h"

namespace gan::core {
namespace {

class CsvReader {
 public:
  CsvReader(std::string_view where, std::string_view text) : where_(where), text_(text) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
  }

  size_t line() const { return line_; }

  // The fields of the next line that is not empty; none at the end.
  std::vector<std::string> Next() {
    while (!text_.empty()) {
      ++line_;
      std::vector<std::string> fields = Line();
      if (fields.size() > 1 || !fields[0].empty()) return fields;
    }
    return {};
  }

 private:
  std::vector<std::string> Line() {
    std::vector<std::string> fields(1);
    while (!text_.empty()) {
      const char c = text_[0];
      text_.remove_prefix(1);
      if (c == '\n') break;
      if (c == ',') {
        fields.emplace_back();
      } else if (c == '"' && fields.back().empty()) {
        Quoted(fields.back());
      } else if (c != '\r' || (!text_.empty() && text_[0] != '\n')) {
        fields.back() += c;
      }
    }
    return fields;
  }

  void Quoted(std::string& field) {
    for (;;) {
      const size_t quote = text_.find('"');
      if (quote == std::string_view::npos) {
        Fail(ErrorCode::kBadData, where_, "has a quote in line {} that does not end", line_);
      }
      field += text_.substr(0, quote);
      text_.remove_prefix(quote + 1);
      if (!text_.starts_with('"')) return;
      field += '"';
      text_.remove_prefix(1);
    }
  }

  std::string_view where_;
  std::string_view text_;
  size_t line_ = 0;
};

size_t Column(const std::vector<std::string>& header, std::string_view wanted) {
  const auto same = [&](const std::string& name) {
    return std::ranges::equal(
        name, wanted, [](unsigned char a, unsigned char b) { return std::tolower(a) == b; });
  };
  return static_cast<size_t>(std::ranges::find_if(header, same) - header.begin());
}

}  // namespace

std::optional<LabelLines> ReadLabelLines(std::string_view where, std::string_view text) {
  CsvReader reader(where, text);
  const std::vector<std::string> header = reader.Next();
  const size_t file = Column(header, "file"), label = Column(header, "label");
  if (file >= header.size() || label >= header.size()) return std::nullopt;
  LabelLines out;
  for (;;) {
    std::vector<std::string> fields = reader.Next();
    if (fields.empty()) return out;
    if (fields.size() != header.size()) {
      Fail(ErrorCode::kBadData, where, "wants {} fields in line {}, as in its first, got {}",
           header.size(), reader.line(), fields.size());
    }
    if (fields[file].empty() || fields[label].empty()) {
      Fail(ErrorCode::kBadData, where, "has no {} in line {}",
           fields[file].empty() ? "file" : "label", reader.line());
    }
    out.emplace_back(std::move(fields[file]), std::move(fields[label]));
  }
}

}  // namespace gan::core
