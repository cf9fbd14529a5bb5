// What tests read out of ONNX files that they wrote.
#ifndef GAN_FORMATS_TESTING_ONNX_READING_H_
#define GAN_FORMATS_TESTING_ONNX_READING_H_

#include <gtest/gtest.h>

#include <span>
#include <string>

#include "base/error.h"
#include "formats/onnx.h"
#include "formats/testing/onnx_writer.h"

namespace gan::core::testing {

// The graph as text, or what is wrong with it, of a file whose last node makes "y".
inline std::string GraphOrError(OnnxWriter& writer, int64_t opset = 13) {
  const std::string bytes = writer.Output("y").Finish(opset);
  try {
    return ToString(ReadOnnx(MemorySource("test", std::as_bytes(std::span(bytes))), "").graph);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadData) << error.what();
    return error.what();
  }
}

inline void ExpectHas(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << text << "\nwants " << part;
}

}  // namespace gan::core::testing

#endif  // GAN_FORMATS_TESTING_ONNX_READING_H_
