#include "training/processes.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "base/error.h"

namespace gan::core {
namespace {

class ProcessesTest : public testing::Test {
 protected:
  ProcessesTest() { Clear(); }
  ~ProcessesTest() override { Clear(); }

  static void Clear() {
    for (const char* name : {"WORLD_SIZE", "RANK", "LOCAL_RANK", "MASTER_ADDR", "MASTER_PORT",
                             "GAN_RENDEZVOUS_SECONDS"}) {
      unsetenv(name);
    }
  }
  static void Set(const char* name, const std::string& value) { setenv(name, value.c_str(), 1); }

  static void ExpectError(const std::string& part) {
    try {
      Processes::FromEnvironment(at::kCPU);
      ADD_FAILURE() << "no error of " << part;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kConfiguration);
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
    }
  }
};

TEST_F(ProcessesTest, AloneChangesNothing) {
  const auto alone = Processes::Alone();
  EXPECT_EQ(alone->rank(), 0);
  EXPECT_EQ(alone->count(), 1);
  EXPECT_TRUE(alone->first());
  EXPECT_TRUE(alone->alone());
  EXPECT_TRUE(alone->Any(true));
  EXPECT_FALSE(alone->Any(false));
  EXPECT_EQ(alone->Broadcast("a\nb"), "a\nb");
  EXPECT_EQ(alone->Broadcast(""), "");
  at::Tensor x = at::arange(4, at::kFloat);
  EXPECT_TRUE(alone->Sum(x).equal(x));
  alone->Average(x);
  EXPECT_TRUE(x.equal(at::arange(4, at::kFloat)));
}

TEST_F(ProcessesTest, IsAloneUnlessTold) {
  EXPECT_TRUE(Processes::FromEnvironment(at::kCPU)->alone());
  Set("WORLD_SIZE", "");
  EXPECT_TRUE(Processes::FromEnvironment(at::kCPU)->alone());
  Set("WORLD_SIZE", "1");
  Set("RANK", "0");
  EXPECT_TRUE(Processes::FromEnvironment(at::kCPU)->alone());
}

TEST_F(ProcessesTest, RefusesNumbersOfProcessesThatAreNone) {
  for (const char* value : {"0", "-1", "two", "2x", " ", "1.5", "65537", "99999999999999999999"}) {
    SCOPED_TRACE(value);
    Set("WORLD_SIZE", value);
    ExpectError("WORLD_SIZE");
  }
}

TEST_F(ProcessesTest, WantsARank) {
  Set("WORLD_SIZE", "2");
  ExpectError("RANK is not set");
  Set("RANK", "");
  ExpectError("RANK is not set");
  for (const char* value : {"2", "-1", "first", "0x"}) {
    SCOPED_TRACE(value);
    Set("RANK", value);
    ExpectError("RANK wants a whole number from 0 to 1");
  }
}

TEST_F(ProcessesTest, WantsAPort) {
  Set("WORLD_SIZE", "2");
  Set("RANK", "1");
  for (const char* value : {"0", "65536", "http"}) {
    SCOPED_TRACE(value);
    Set("MASTER_PORT", value);
    ExpectError("MASTER_PORT wants");
  }
  Set("MASTER_PORT", "29500");
  Set("GAN_RENDEZVOUS_SECONDS", "soon");
  ExpectError("GAN_RENDEZVOUS_SECONDS");
}

TEST_F(ProcessesTest, SaysWhenNobodyIsThere) {
  Set("WORLD_SIZE", "2");
  Set("RANK", "1");
  Set("MASTER_ADDR", "127.0.0.1");
  Set("MASTER_PORT", "1");
  Set("GAN_RENDEZVOUS_SECONDS", "1");
  ExpectError("cannot reach the others");
}

}  // namespace
}  // namespace gan::core
