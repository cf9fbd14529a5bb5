#include "runtime/plugin.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "base/error.h"

namespace gan::core {
namespace {

// GAN_PLUGIN_DIR for the length of a test.
class PluginTest : public testing::Test {
 protected:
  PluginTest() {
    std::filesystem::create_directories(folder_);
    setenv("GAN_PLUGIN_DIR", folder_.c_str(), 1);
  }
  ~PluginTest() override {
    unsetenv("GAN_PLUGIN_DIR");
    std::filesystem::remove_all(folder_);
  }

  std::string MessageOfLoading(std::string_view name) {
    try {
      LoadBackendPlugin(name, {});
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::kConfiguration);
      return e.what();
    }
    return "loaded";
  }

  const std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) / fmt::format("gan-plugins-{}", getpid());
};

TEST_F(PluginTest, TheChosenFolderComesFirst) {
  const auto with = PluginFolders();
  ASSERT_FALSE(with.empty());
  EXPECT_EQ(with.front(), folder_);
  setenv("GAN_PLUGIN_DIR", "", 1);
  const auto without = PluginFolders();
  EXPECT_EQ(without.size() + 1, with.size());
  // Never the working folder, nor anything below it that a stranger may have put there.
  for (const auto& folder : without) EXPECT_TRUE(folder.is_absolute()) << folder;
}

TEST_F(PluginTest, AnAbsentBackendIsNamed) {
  const std::string message = MessageOfLoading("nosuch");
  EXPECT_NE(message.find("this build has no \"nosuch\" plug-in"), std::string::npos) << message;
  EXPECT_NE(message.find("libgan_nosuch.so"), std::string::npos) << message;
}

TEST_F(PluginTest, AFileThatIsNoLibraryIsNamed) {
  std::ofstream(folder_ / "libgan_broken.so") << "not a library";
  const std::string message = MessageOfLoading("broken");
  EXPECT_NE(message.find("libgan_broken.so\" cannot be loaded"), std::string::npos) << message;
  EXPECT_EQ(message.find('\n'), std::string::npos) << message;
}

TEST_F(PluginTest, AnotherVersionIsRefused) {
  EXPECT_THROW(CheckPluginVersion("0.0.0-other"), Error);
  EXPECT_NO_THROW(CheckPluginVersion(GAN_PLUGIN_VERSION));
}

}  // namespace
}  // namespace gan::core
