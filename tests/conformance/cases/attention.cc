#include "tests/conformance/case.h"

namespace gan::core::conformance {

CaseList CasesOf(Of<Attention>) {
  const auto attention = [](int64_t batch, int64_t key_channels, int64_t value_channels,
                            Size2d here, Size2d there, float scale) {
    return Case{.op = Attention{scale},
                .inputs = {{batch, key_channels, here.h, here.w},
                           {batch, key_channels, there.h, there.w},
                           {batch, value_channels, there.h, there.w}}};
  };
  CaseList cases{attention(1, 1, 1, {1, 1}, {1, 1}, 1),
                 attention(2, 8, 32, {16, 16}, {8, 8}, 1),  // as SAGAN has it
                 attention(1, 16, 16, {12, 12}, {12, 12}, 0.25f)};
  Draw draw(33);
  for (int i = 0; i < 20; ++i) {
    cases.push_back(attention(draw.Between(1, 3), draw.Between(1, 20), draw.Between(1, 20),
                              draw.Size(1, 9), draw.Size(1, 9), 0.3f));
  }
  return cases;
}

}  // namespace gan::core::conformance
