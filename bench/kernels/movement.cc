#include "bench/kernels/families.h"

namespace gan::core::bench {

std::vector<KernelCase> MovementCases() {
  const Shape map{1, 64, 256, 256}, part{1, 32, 256, 256};
  return {
      {"concat 64 + 32 + 32", {.op = Concat{}, .inputs = {map, part, part}}},
      {"slice channels", {.op = Slice{1, 16, 16}, .inputs = {map}}},
      {"slice columns", {.op = Slice{3, 16, 16}, .inputs = {map}}},
      {"pad by zeros", {.op = Pad2d{PadMode::kConstant, {1, 1, 1, 1}}, .inputs = {map}}},
      {"pad by reflection", {.op = Pad2d{PadMode::kReflect, {8, 8, 8, 8}}, .inputs = {map}}},
      {"turn heads", {.op = Transpose{{0, 2, 1, 3}}, .inputs = {{1, 1024, 8, 64}}}},
      {"turn rows and columns", {.op = Transpose{{0, 2, 1}}, .inputs = {{1, 4096, 256}}}},
      {"pixel shuffle x 2", {.op = PixelShuffle{2}, .inputs = {map}}},
      {"pixel unshuffle / 2", {.op = PixelUnshuffle{2}, .inputs = {map}}},
  };
}

}  // namespace gan::core::bench
