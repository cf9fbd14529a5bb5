// State dicts of every family of networks: what is found in damaged ones.
#ifndef GAN_TESTS_FUZZ_FAMILY_FORMATS_H_
#define GAN_TESTS_FUZZ_FAMILY_FORMATS_H_

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace gan::core::fuzz {

std::vector<std::string> FamilySeeds();
void ReadFuzzedFamily(std::span<const std::byte> bytes);

}  // namespace gan::core::fuzz

#endif  // GAN_TESTS_FUZZ_FAMILY_FORMATS_H_
