#include "tensor/shape.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "base/checked.h"
#include "base/error.h"

namespace gan::core {

Shape::Shape(std::span<const int64_t> sizes) : rank_(sizes.size()) {
  if (sizes.size() > kMaxRank) {
    Fail(ErrorCode::kBadData, "shape", "has {} axes, at most {} are supported", sizes.size(),
         kMaxRank);
  }
  std::copy(sizes.begin(), sizes.end(), sizes_.begin());
  const auto elements = CheckedProduct(sizes);
  if (!elements) {
    Fail(ErrorCode::kBadData, "shape", "[{}] has a negative size or too many elements",
         fmt::join(sizes, ", "));
  }
  elements_ = *elements;
}

std::string Shape::ToString() const { return fmt::format("[{}]", fmt::join(sizes(), ", ")); }

bool Shape::operator==(const Shape& other) const {
  return std::ranges::equal(sizes(), other.sizes());
}

}  // namespace gan::core
