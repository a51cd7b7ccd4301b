// SPDX-License-Identifier: BSD-3-Clause
#include "oci/digest.hpp"

#include "base/error.hpp"

#include <gtest/gtest.h>

namespace cairn::oci {
namespace {

const std::string kEmpty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

TEST(Digest, IsThatOfTheBytes) {
  EXPECT_EQ(Digest::of("").to_string(), "sha256:" + kEmpty);
  EXPECT_EQ(Digest::parse("sha256:" + kEmpty), Digest::of(""));
  EXPECT_EQ(Digest::of("").hex(), kEmpty);
}

TEST(Digest, RefusesWhatIsNone) {
  for (const std::string& text :
       {std::string(), kEmpty, "sha512:" + kEmpty, "sha256:" + kEmpty.substr(1),
        "sha256:E" + kEmpty.substr(1), "sha256:" + kEmpty + "0", "sha256:../" + kEmpty.substr(3)}) {
    try {
      Digest::parse(text);
      FAIL() << text;
    } catch (const UserError& error) {
      EXPECT_EQ(error.what(),
                "invalid digest '" + text + "': expected 'sha256:' and 64 lower-case hex digits");
    }
  }
}

}  // namespace
}  // namespace cairn::oci
