// A table of labels: lines of fields with commas between them, the first of them the names of the
// columns. Fields may be quoted ("a ""b"", c"), lines may end in CR LF.
#ifndef GAN_DATA_LABELS_CSV_H_
#define GAN_DATA_LABELS_CSV_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gan::core {

// (file, label) of each line, in order.
using LabelLines = std::vector<std::pair<std::string, std::string>>;

// The columns "file" and "label", whatever others there are. Nothing when the table has no such
// columns. Error kBadData: a line with another number of fields, an empty one, a quote without an
// end. `where` is the file's name, printable.
std::optional<LabelLines> ReadLabelLines(std::string_view where, std::string_view text);

}  // namespace gan::core

#endif  // GAN_DATA_LABELS_CSV_H_
