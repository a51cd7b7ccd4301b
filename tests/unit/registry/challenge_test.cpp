// SPDX-License-Identifier: BSD-3-Clause
#include "registry/challenge.hpp"

#include <gtest/gtest.h>

namespace cairn::registry {
namespace {

TEST(Challenge, ReadsTheTokenServer) {
  const auto found = find_challenge(
      {R"(Bearer realm="https://auth.example/token",service="a \"b\", c",scope="s")"});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->scheme, "bearer");
  EXPECT_EQ(found->parameters.at("realm"), "https://auth.example/token");
  EXPECT_EQ(found->parameters.at("service"), "a \"b\", c");
}

TEST(Challenge, TakesTheFirstOneItCanMeet) {
  EXPECT_EQ(find_challenge({"Negotiate, Digest realm=\"x\", Basic realm=here"})->scheme, "basic");
  EXPECT_EQ(find_challenge({"BASIC realm = \"x\""})->parameters.at("realm"), "x");
  EXPECT_FALSE(find_challenge({"Negotiate"}));
  EXPECT_FALSE(find_challenge({"Bearer error=\"no realm\""}));
  EXPECT_FALSE(find_challenge({}));
}

TEST(Challenge, ReadsAllLines) {
  const std::string bearer = R"(Bearer realm="https://auth.example/t",service="s")";
  for (const auto& lines : std::vector<std::vector<std::string>>{
           {"Negotiate", bearer},
           {bearer, "Negotiate"},
           {"Basic realm=\"x\"", bearer},
           {bearer, "Basic realm=\"x\""},
           {"Negotiate, Basic realm=\"x\", " + bearer},
           {"Bearer error=\"no realm\"", "Bearer realm=\"/token\"", bearer}}) {
    const auto found = find_challenge(lines);
    ASSERT_TRUE(found) << lines.front();
    EXPECT_EQ(found->scheme, "bearer") << lines.front();
    EXPECT_EQ(found->parameters.at("realm"), "https://auth.example/t") << lines.front();
    EXPECT_EQ(found->parameters.at("service"), "s") << lines.front();
  }
  EXPECT_EQ(find_challenge({"Basic realm=\"1\"", "Basic realm=\"2\""})->parameters.at("realm"),
            "1");
}

/// No token can be had there; a password may do.
TEST(Challenge, TakesBasicWhereNoRealmIsUsable) {
  for (const char* realm : {"", "/token", "auth.example", "ftp://auth.example/t", "https://"}) {
    const std::string bearer = "Bearer realm=\"" + std::string(realm) + "\"";
    EXPECT_FALSE(find_challenge({bearer})) << realm;
    const auto found = find_challenge({bearer, "Basic realm=\"x\""});
    ASSERT_TRUE(found) << realm;
    EXPECT_EQ(found->scheme, "basic") << realm;
  }
}

/// The parameters of one line are none of the scheme in another.
TEST(Challenge, KeepsLinesApart) {
  const auto found = find_challenge({"Basic", "realm=\"x\""});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->parameters.count("realm"), 0U);
}

TEST(Challenge, TakesNothingFromNonsense) {
  for (const char* text : {"", ",,,", "=", "\"", "a=\"b", "Bearer realm=\"open", "==,="})
    EXPECT_FALSE(find_challenge({text})) << text;
}

}  // namespace
}  // namespace cairn::registry
