// SPDX-License-Identifier: BSD-3-Clause
#include "registry/challenge.hpp"

#include <gtest/gtest.h>

namespace cairn::registry {
namespace {

TEST(Challenge, ReadsTheTokenServer) {
  const auto found =
      find_challenge(R"(Bearer realm="https://auth.example/token",service="a \"b\", c",scope="s")");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->scheme, "bearer");
  EXPECT_EQ(found->parameters.at("realm"), "https://auth.example/token");
  EXPECT_EQ(found->parameters.at("service"), "a \"b\", c");
}

TEST(Challenge, TakesTheFirstOneItCanMeet) {
  EXPECT_EQ(find_challenge("Negotiate, Digest realm=\"x\", Basic realm=here")->scheme, "basic");
  EXPECT_EQ(find_challenge("BASIC realm = \"x\"")->parameters.at("realm"), "x");
  EXPECT_FALSE(find_challenge("Negotiate"));
  EXPECT_FALSE(find_challenge("Bearer error=\"no realm\""));
}

TEST(Challenge, TakesNothingFromNonsense) {
  for (const char* text : {"", ",,,", "=", "\"", "a=\"b", "Bearer realm=\"open", "==,="}) {
    const auto found = find_challenge(text);
    EXPECT_TRUE(!found || found->scheme == "bearer") << text;
  }
}

}  // namespace
}  // namespace cairn::registry
