// Groups of ONNX nodes that stand for one op which no operator of opset 17 has by itself.
#ifndef GAN_FORMATS_ONNX_PATTERNS_H_
#define GAN_FORMATS_ONNX_PATTERNS_H_

#include "formats/onnx_file.h"

namespace gan::core {

// Puts one node in the place of each group that is known (onnx_pattern_ops.cc has the operators),
// and takes those of its nodes away that nothing else reads. As PyTorch and gan itself write them:
//
//   Gelu            Mul of x, 0.5 and Add(Erf(Div(x, sqrt(2)) or Mul(x, sqrt(0.5))), 1), in any
//   order gan.Attention   MatMul(v, Transpose(Softmax([Mul] MatMul(Transpose(q), k)))), its softmax
//   along
//                   either axis, and the same with all axes turned
//   gan.Demodulate  Reciprocal(Sqrt(Add(Gemm(Mul(s, s), squares), epsilon)))
//   gan.GroupNorm   Reshape(InstanceNormalization(Reshape(x, [0, groups, -1])), Shape(x)
//                   or the sizes themselves)
//   gan.PixelNorm   Div(x, Sqrt(Add(ReduceMean(Mul(x, x) or Pow(x, 2), axis 1), epsilon)))
void FoldOnnxPatterns(OnnxFile& file);

}  // namespace gan::core

#endif  // GAN_FORMATS_ONNX_PATTERNS_H_
