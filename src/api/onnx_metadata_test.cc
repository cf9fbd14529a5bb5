#include "api/onnx_metadata.h"

#include <gtest/gtest.h>

namespace gan::core {
namespace {

TEST(OnnxMetadata, TellsTheRangeOfPictures) {
  for (const char* family : {"cyclegan", "compact"}) {
    const Model model = BuildRandom(family, {}, 1);
    Model read;
    read.signed_pictures = !model.signed_pictures;
    ApplyOnnxMetadata(OnnxMetadataOf(model), read);
    EXPECT_EQ(read.signed_pictures, model.signed_pictures) << family;
  }
}

TEST(OnnxMetadata, OfRandomNumbersHasNoRange) {
  const auto metadata = OnnxMetadataOf(BuildRandom("dcgan", {}, 1));
  EXPECT_EQ(metadata.at("gan.family"), "dcgan");
  EXPECT_FALSE(metadata.contains("gan.picture_range"));
}

TEST(OnnxMetadata, OfOthersChangesNothing) {
  Model read;
  read.signed_pictures = true;
  ApplyOnnxMetadata({{"stride", "32"}}, read);
  EXPECT_TRUE(read.signed_pictures);
}

}  // namespace
}  // namespace gan::core
