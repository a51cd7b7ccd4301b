// SPDX-License-Identifier: BSD-3-Clause
#include "oci/platform.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cairn::oci {
namespace {

struct Row {
  std::string written;
  std::string canonical;
  std::string arch_name;
};

std::vector<Row> rows() {
  std::vector<Row> rows;
  for (const std::string& line : split(read_file(CAIRN_PLATFORMS_TABLE), '\n')) {
    const std::vector<std::string> words = split(line, ' ');
    if (!line.starts_with('#') && words.size() == 3) rows.push_back({words[0], words[1], words[2]});
  }
  return rows;
}

// CMake reads the same table: tests/cmake/platforms.cmake.
TEST(Platform, IsNormalised) {
  EXPECT_GT(rows().size(), 20U);
  for (const Row& row : rows()) {
    const Platform platform = Platform::parse(row.written);
    EXPECT_EQ(platform.to_string(), row.canonical) << row.written;
    EXPECT_EQ(platform.arch_name(), row.arch_name) << row.written;
    EXPECT_EQ(Platform::parse(platform.to_string()), platform);
  }
}

TEST(Platform, RefusesWhatIsNone) {
  for (const char* text : {"", "linux", "linux/", "/amd64", "linux//v7", "linux/amd64/", "a/b/c/d",
                           "linux/amd 64", "linux/amd64\n", "linux/$(id)"}) {
    try {
      Platform::parse(text);
      ADD_FAILURE() << "took '" << text << "'";
    } catch (const UserError& error) {
      EXPECT_EQ(std::string(error.what()),
                "invalid platform '" + std::string(text) +
                    "': expected OS/ARCHITECTURE[/VARIANT], as in 'linux/amd64'");
    }
  }
}

TEST(Platform, KeepsDifferentMachinesApart) {
  EXPECT_NE(Platform::parse("linux/arm/v6"), Platform::parse("linux/arm/v7"));
  EXPECT_NE(Platform::parse("linux/amd64"), Platform::parse("linux/amd64/v2"));
  EXPECT_NE(Platform::parse("linux/amd64"), Platform::parse("windows/amd64"));
}

TEST(Platform, KnowsThisMachine) {
  EXPECT_EQ(host_platform().os, "linux");
  EXPECT_EQ(Platform::parse(host_platform().to_string()), host_platform());
}

}  // namespace
}  // namespace cairn::oci
