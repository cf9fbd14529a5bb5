#include "ncnn_format.h"

#include <algorithm>

#include "checkpoint_formats.h"
#include "formats/ncnn.h"

namespace gan::core::fuzz {
namespace {

using namespace std::string_literals;

const std::string kFloatFlag = "\0\0\0\0"s;
const std::string kHalfFlag = "\x47\x6b\x30\x01"s;

// Zeros: every layer takes them.
std::string Floats(size_t count) { return std::string(4 * count, '\0'); }

std::string Both(const std::string& param, const std::string& bin) { return param + '\0' + bin; }

}  // namespace

std::vector<std::string> NcnnSeeds() {
  return {
      // Real-CUGAN in small: squeeze-and-excitation, crop, a transposed convolution.
      Both("7767517\n8 10\n"
           "Input in 0 1 in 2=3\n"
           "Convolution c 1 1 in a 0=2 1=3 5=1 6=54 9=2 -23310=1,1.000000e-01\n"
           "Split s 1 3 a b d e\n"
           "Pooling p 1 1 d v 0=1 4=1\n"
           "InnerProduct f 1 1 v g 0=2 1=1 2=4 9=4\n"
           "BinaryOp m 2 1 b g h 0=2\n"
           "Crop k 1 1 h i -23309=2,2,2 -23310=2,-2,-2 -23311=2,-2,-1\n"
           "Deconvolution u 1 1 i out 0=3 1=4 3=2 4=3 5=1 6=96\n",
           kHalfFlag + std::string(108, '\0') + Floats(2) + kFloatFlag + Floats(4) + Floats(2) +
               kHalfFlag + std::string(192, '\0') + Floats(3)),
      // Layers that fix the grid, and those without weights.
      Both("7767517\n11 11\n"
           "Input in 0 1 in\n"
           "Reorg r 1 1 in a 0=2\n"
           "ConvolutionDepthWise d 1 1 a b 0=12 1=3 4=1 6=108 7=12 18=0.5\n"
           "PReLU p 1 1 b c 0=12\n"
           "Pooling q 1 1 c e 0=0 1=2 2=2\n"
           "Interp i 1 1 e f 0=3 1=2.0 2=2.0\n"
           "Concat j 2 1 f c g 0=0\n"
           "GELU k 1 1 g h 0=1\n"
           "Scale l 1 1 h m 0=24 1=1\n"
           "PixelShuffle n 1 1 m o 0=2\n"
           "BinaryOp t 1 1 o out 0=7 1=1 2=1.0\n",
           kFloatFlag + Floats(108) + Floats(12) + Floats(48)),
  };
}

void ReadFuzzedNcnn(std::span<const std::byte> bytes) {
  const auto zero = std::ranges::find(bytes, std::byte{0});
  const auto text = static_cast<size_t>(zero - bytes.begin());
  const auto rest = bytes.subspan(std::min(text + 1, bytes.size()));
  const NcnnNetwork network =
      ReadNcnn(MemorySource("fuzz.param", bytes.first(text)), MemorySource("fuzz.bin", rest));
  for (const auto& [name, tensor] : network.parameters) Touch(tensor);
}

}  // namespace gan::core::fuzz
