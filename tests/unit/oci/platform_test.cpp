// SPDX-License-Identifier: BSD-3-Clause
#include "oci/platform.hpp"

#include "base/error.hpp"

#include <gtest/gtest.h>

namespace cairn::oci {
namespace {

struct Row {
  const char* written;
  const char* canonical;
  const char* arch_name;
};

class PlatformTable : public ::testing::TestWithParam<Row> {};

TEST_P(PlatformTable, IsNormalised) {
  const Platform platform = Platform::parse(GetParam().written);
  EXPECT_EQ(platform.to_string(), GetParam().canonical);
  EXPECT_EQ(platform.arch_name(), GetParam().arch_name);
  EXPECT_EQ(Platform::parse(platform.to_string()), platform);
}

// containerd's platforms/database.go; what uname says of the same machines.
INSTANTIATE_TEST_SUITE_P(Containerd, PlatformTable,
                         ::testing::Values(Row{"linux/amd64", "linux/amd64", "x86_64"},
                                           Row{"linux/x86_64", "linux/amd64", "x86_64"},
                                           Row{"Linux/x86-64", "linux/amd64", "x86_64"},
                                           Row{"linux/amd64/v1", "linux/amd64", "x86_64"},
                                           Row{"linux/amd64/v3", "linux/amd64/v3", "x86_64_v3"},
                                           Row{"linux/arm64", "linux/arm64", "aarch64"},
                                           Row{"linux/arm64/v8", "linux/arm64", "aarch64"},
                                           Row{"linux/aarch64", "linux/arm64", "aarch64"},
                                           Row{"linux/arm", "linux/arm/v7", "armv7"},
                                           Row{"linux/armhf", "linux/arm/v7", "armv7"},
                                           Row{"linux/armv7l", "linux/arm/v7", "armv7"},
                                           Row{"linux/arm/v6", "linux/arm/v6", "armv6"},
                                           Row{"linux/armel", "linux/arm/v6", "armv6"},
                                           Row{"linux/i386", "linux/386", "i686"},
                                           Row{"linux/i686", "linux/386", "i686"},
                                           Row{"linux/riscv64", "linux/riscv64", "riscv64"},
                                           Row{"linux/s390x", "linux/s390x", "s390x"},
                                           Row{"linux/ppc64le", "linux/ppc64le", "ppc64le"}));

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
