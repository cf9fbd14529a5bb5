#include "base/cache_folder.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace gan::core {
namespace {

TEST(CacheFolder, FollowsTheEnvironment) {
  const char* home = std::getenv("HOME");
  const std::string before = home == nullptr ? "" : home;
  setenv("HOME", "/home/somebody", 1);
  setenv("XDG_CACHE_HOME", "/elsewhere", 1);
  EXPECT_EQ(CacheFolder(), "/elsewhere/gan");
  setenv("XDG_CACHE_HOME", "relative", 1);  // the standard says: to be ignored
  EXPECT_EQ(CacheFolder(), "/home/somebody/.cache/gan");
  unsetenv("XDG_CACHE_HOME");
  EXPECT_EQ(CacheFolder(), "/home/somebody/.cache/gan");
  unsetenv("HOME");
  EXPECT_EQ(CacheFolder(), "");
  setenv("HOME", before.c_str(), 1);
}

}  // namespace
}  // namespace gan::core
