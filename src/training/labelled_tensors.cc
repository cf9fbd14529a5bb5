#include "training/labelled_tensors.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <span>

#include "base/error.h"

namespace gan::core {

LabelledTensors TensorsOf(const Dataset& data, const std::vector<int64_t>& label_of) {
  const int64_t count = data.count(), elements = data.elements();
  const bool bytes = data.bits() == 8;
  LabelledTensors out{at::empty({count, data.channels(), data.height(), data.width()},
                                bytes ? at::kByte : at::kFloat),
                      at::empty({count}, at::kLong)};
  for (int64_t i = 0; i < count; ++i) {
    const int label = data.Label(i);
    if (label < 0) {
      Fail(ErrorCode::kBadData, "classifier", "wants labelled pictures, \"{}\" has no label",
           data.Name(i));
    }
    out.labels.data_ptr<int64_t>()[i] =
        label_of.empty() ? label : label_of.at(static_cast<size_t>(label));
    if (bytes) {
      std::memcpy(out.pictures.data_ptr<uint8_t>() + i * elements, data.Raw(i).data(),
                  static_cast<size_t>(elements));
    } else {
      data.Read(i, std::span(out.pictures.data_ptr<float>() + i * elements,
                             static_cast<size_t>(elements)));
    }
  }
  return out;
}

LabelledTensors ChooseOfEach(const LabelledTensors& data, int64_t per_class, Random& random) {
  std::map<int64_t, std::vector<int64_t>> by_class;
  for (int64_t i = 0; i < data.count(); ++i) {
    by_class[data.labels.data_ptr<int64_t>()[i]].push_back(i);
  }
  std::vector<int64_t> chosen;
  for (auto& [label, rows] : by_class) {
    for (size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[random.Below(i)]);
    const size_t wanted = per_class > 0 ? static_cast<size_t>(per_class) : rows.size();
    rows.resize(std::min(rows.size(), wanted));
    chosen.insert(chosen.end(), rows.begin(), rows.end());
  }
  const at::Tensor index = at::tensor(chosen, at::kLong);
  return {data.pictures.index_select(0, index), data.labels.index_select(0, index)};
}

}  // namespace gan::core
