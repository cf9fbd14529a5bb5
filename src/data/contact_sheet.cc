#include "data/contact_sheet.h"

#include <algorithm>
#include <unordered_map>

#include "data/sum.h"
#include "media/sheet.h"

namespace gan::core {
namespace {

constexpr int64_t kColumns = 10;
constexpr size_t kRows = 20;  // of classes; the rest is not shown

Tensor Tile(const Dataset& data, int64_t picture) {
  Tensor tile(DType::kF32, {data.channels(), data.height(), data.width()});
  data.Read(picture, tile.floats());
  for (float& x : tile.floats()) x = (x + 1) / 2;
  return tile;
}

// The first pictures of each of the first classes; -1 where a class has fewer.
std::vector<int64_t> FirstOfClasses(const Dataset& data) {
  const size_t rows = std::min(kRows, data.classes().size());
  std::vector<int64_t> chosen(rows * kColumns, -1);
  std::vector<int64_t> filled(rows);
  for (int64_t i = 0; i < data.count(); ++i) {
    const auto row = static_cast<size_t>(data.Label(i));
    if (row >= rows || filled[row] == kColumns) continue;
    chosen[row * kColumns + static_cast<size_t>(filled[row]++)] = i;
  }
  return chosen;
}

}  // namespace

Tensor ContactSheet(const Dataset& data) {
  std::vector<int64_t> chosen;
  if (data.classes().empty()) {
    for (int64_t i = 0; i < std::min(data.count(), kColumns * kColumns); ++i) chosen.push_back(i);
  } else {
    chosen = FirstOfClasses(data);
  }
  Tensor blank(DType::kF32, {data.channels(), data.height(), data.width()});
  std::ranges::fill(blank.floats(), 1.0f);
  std::vector<Tensor> tiles;
  for (const int64_t picture : chosen) tiles.push_back(picture < 0 ? blank : Tile(data, picture));
  return MakeSheet(tiles, kColumns);
}

std::vector<std::pair<int64_t, int64_t>> FindDuplicates(const Dataset& data) {
  std::vector<std::pair<int64_t, int64_t>> out;
  std::unordered_map<uint64_t, int64_t> first;
  for (int64_t i = 0; i < data.count(); ++i) {
    const auto [place, is_new] = first.emplace(SumOf(data.Raw(i)), i);
    // Equal sums are no proof.
    if (!is_new && std::ranges::equal(data.Raw(i), data.Raw(place->second))) {
      out.emplace_back(i, place->second);
    }
  }
  return out;
}

}  // namespace gan::core
