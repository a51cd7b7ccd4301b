// SPDX-License-Identifier: BSD-3-Clause
#include "stack/release/plan.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cairn::stack {
namespace {

/// Every text of `rising` is below all that follow it, and equal to itself.
void expect_rising(const std::vector<std::string>& rising) {
  for (std::size_t i = 0; i < rising.size(); ++i) {
    EXPECT_EQ(compare_versions(rising[i], rising[i]), 0) << rising[i];
    for (std::size_t j = i + 1; j < rising.size(); ++j) {
      EXPECT_EQ(compare_versions(rising[i], rising[j]), -1) << rising[i] << " " << rising[j];
      EXPECT_EQ(compare_versions(rising[j], rising[i]), 1) << rising[j] << " " << rising[i];
    }
  }
}

TEST(Versions, CompareNumbersByValue) {
  expect_rising({"3.9.18", "3.10", "3.11.2", "3.11.10", "3.12.1", "22.04", "22.10", "100"});
  expect_rising({"1.0.99999999999999999999", "1.0.100000000000000000000"});
  expect_rising({"2026.9.1", "2026.10.1", "2026.11.29"});
  expect_rising({"1.2.3.4", "1.2.3.5", "1.2.4"});
}

// The chain of semver 2.0.0, section 11.
TEST(Versions, PutPreReleasesBelowTheirRelease) {
  expect_rising({"1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2",
                 "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0"});
  expect_rising({"2.9", "3.0.0a1", "3.0.0b2", "3.0.0rc1", "3.0.0rc2", "3.0.0rc10", "3.0.0"});
  expect_rising({"1.0.dev3", "1.0"});
  expect_rising({"5.0.0-SNAPSHOT", "5.0.0"});
  expect_rising({"1.0.0-1", "1.0.0-2", "1.0.0-10", "1.0.0"});
}

TEST(Versions, PutPatchesAboveTheirRelease) {
  expect_rising({"1.1.1", "1.1.1a", "1.1.1w", "1.1.2"});
  expect_rising({"9.2", "9.2p1", "9.2p2", "9.3"});
  expect_rising({"1.0", "1.0.post1", "1.0-post2", "1.1"});
}

TEST(Versions, TellEqualOnes) {
  for (const auto& [left, right] :
       std::vector<std::pair<std::string, std::string>>{{"3.11", "3.11.0"},
                                                        {"v1.2", "1.2"},
                                                        {"1.2.3+build.5", "1.2.3+build.9"},
                                                        {"1.0.0-RC1", "1.0.0-rc1"},
                                                        {"007.1", "7.1"},
                                                        {"", ""}})
    EXPECT_EQ(compare_versions(left, right), 0) << left << " " << right;
}

TEST(Versions, TakeTextThatIsNone) {
  expect_rising({"", "1"});
  expect_rising({"bookworm", "trixie"});
  expect_rising({"0.0.1", "1"});
  EXPECT_EQ(compare_versions("...", "-"), 0);
}

}  // namespace
}  // namespace cairn::stack
