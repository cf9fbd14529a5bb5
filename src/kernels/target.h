// Which instruction set the kernels use: seen by the user, and forced by the user.
#ifndef GAN_KERNELS_TARGET_H_
#define GAN_KERNELS_TARGET_H_

#include <string>
#include <string_view>
#include <vector>

namespace gan::core::kernels {

// The targets that this program holds and this processor can run, fastest first, as Highway names
// them in lower case ("avx2", "sse4", "scalar"), and at the end "reference": plain loops, the
// specification that every other target is tested against.
std::vector<std::string> AvailableTargets();

// The one that kernels called from now on use. The fastest, unless SetTarget chose another.
std::string CurrentTarget();

// Chooses by name, in upper or lower case; "auto" means the fastest. Error kUsage, with the
// available names, for any other. Not to be called while a kernel runs.
void SetTarget(std::string_view name);

// Whether the target is "reference"; asked by every kernel before it dispatches.
bool ReferenceChosen();

}  // namespace gan::core::kernels

#endif  // GAN_KERNELS_TARGET_H_
