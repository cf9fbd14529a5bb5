#include "tensor/module_facts.h"

#include <gtest/gtest.h>

namespace gan::core {
namespace {

TEST(ModuleFacts, GivesNumbersAndTexts) {
  const ModuleFacts facts{"Conv2d",
                          {{"stride", "2,3"}, {"slope", "0.25"}, {"padding_mode", "reflect"}}};
  EXPECT_EQ(facts.Number("stride"), 2);
  EXPECT_EQ(facts.Number("slope"), 0.25);
  EXPECT_EQ(facts.Number("padding_mode"), std::nullopt);
  EXPECT_EQ(facts.Number("absent"), std::nullopt);
  EXPECT_EQ(facts.Text("padding_mode"), "reflect");
  EXPECT_EQ(facts.Text("absent"), "");
}

TEST(ModuleFacts, NothingIsSaidOfWhatIsAbsent) {
  const ModuleFacts facts;
  EXPECT_EQ(facts.Number("stride"), std::nullopt);
  EXPECT_EQ(facts.Text("stride"), "");
}

}  // namespace
}  // namespace gan::core
