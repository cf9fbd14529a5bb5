// ncnn's pair of files: <stem>.param, text, one layer a line, and <stem>.bin, its weights in the
// order of the layers. A graph of its own, so it needs no model family.
#ifndef GAN_FORMATS_NCNN_H_
#define GAN_FORMATS_NCNN_H_

#include <cstdint>
#include <filesystem>
#include <string>

#include "formats/byte_source.h"
#include "formats/checkpoint.h"
#include "graph/graph.h"

namespace gan::core {

struct NcnnNetwork {
  Graph graph;              // one input [N, C, H, W], one output
  NamedTensors parameters;  // f32, "<layer>.weight", "<layer>.bias", ...
  size_t layers = 0;
  bool half = false;  // some weights are stored as fp16
};

// Whether `path` is one half of a pair: a .param file by its content, or a .bin file beside which
// the .param of the same stem stands. Error kNoInput, kBadData as of InputFile.
bool IsNcnn(const std::filesystem::path& path);

// Given either half, finds the other beside it. H and W of the input are multiples of the smallest
// power of two, up to 64, at which the layers fit together and the output's size is an exact
// function of the input's.
//
// Error kNoInput: the other half is not there. Error kBadData: broken files, weights that do not
// match, int8 or table-quantised weights, a layer that gan cannot run (named with its line).
NcnnNetwork ReadNcnn(const std::filesystem::path& path, const ReadOptions& options = {});
NcnnNetwork ReadNcnn(const ByteSource& param, const ByteSource& bin,
                     const ReadOptions& options = {});

}  // namespace gan::core

#endif  // GAN_FORMATS_NCNN_H_
