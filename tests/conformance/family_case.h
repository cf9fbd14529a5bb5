// The families of models, small and with random weights, for tests of whole networks.
#ifndef GAN_TESTS_CONFORMANCE_FAMILY_CASE_H_
#define GAN_TESTS_CONFORMANCE_FAMILY_CASE_H_

#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "models/model.h"

namespace gan::core::conformance {

struct FamilyCase {
  std::string_view family;
  ModelSizes sizes;
  // Of the inputs; of generators from random numbers only the first size counts, how many.
  std::vector<Shape> pictures;
};

// Small, so that plain loops end too; odd, so that nothing comes out even.
std::vector<FamilyCase> FamilyCases();

// "esrgan_3", for names of tests.
std::string NameOf(const FamilyCase& family, size_t index);

// Uniform in [0, 1].
std::vector<Tensor> InputsOf(const Model& model, const Shape& shape, Random& random);

// From the least to the greatest element.
float RangeOf(const Tensor& tensor);

}  // namespace gan::core::conformance

#endif  // GAN_TESTS_CONFORMANCE_FAMILY_CASE_H_
