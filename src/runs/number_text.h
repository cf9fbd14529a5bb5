// Numbers as people read them.
#ifndef GAN_RUNS_NUMBER_TEXT_H_
#define GAN_RUNS_NUMBER_TEXT_H_

#include <cstdint>
#include <string>

namespace gan::core {

std::string ThousandsText(int64_t value);  // "268,800"
std::string PercentText(double share);     // "99 %", "0.31 %"

}  // namespace gan::core

#endif  // GAN_RUNS_NUMBER_TEXT_H_
