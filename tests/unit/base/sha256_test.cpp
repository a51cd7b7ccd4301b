// SPDX-License-Identifier: BSD-3-Clause
#include "base/sha256.hpp"

#include "base/error.hpp"
#include "base/file.hpp"

#include <gtest/gtest.h>

namespace cairn {
namespace {

// FIPS 180-4 examples.
constexpr const char* kEmpty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr const char* kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr const char* kMillion = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

std::string of_fields(const std::vector<std::string>& fields) {
  Sha256 hash;
  for (const std::string& field : fields)
    hash.update_field(field);
  return to_hex(hash.finish());
}

TEST(Sha256, GivesTheStandardsExamples) {
  EXPECT_EQ(sha256_hex(""), kEmpty);
  EXPECT_EQ(sha256_hex("abc"), kAbc);
  Sha256 hash;
  for (int i = 0; i < 1000; ++i)
    hash.update(std::string(1000, 'a'));
  EXPECT_EQ(to_hex(hash.finish()), kMillion);
}

TEST(Sha256, ReadsFilesInPieces) {
  const TempDir folder("cairn-sha-");
  write_file(folder.path() / "empty", "");
  write_file(folder.path() / "million", std::string(1000000, 'a'));
  EXPECT_EQ(to_hex(sha256_file(folder.path() / "empty")), kEmpty);
  EXPECT_EQ(to_hex(sha256_file(folder.path() / "million")), kMillion);
  EXPECT_THROW(sha256_file(folder.path() / "none"), Error);
  EXPECT_THROW(sha256_file(folder.path()), Error);
}

TEST(Sha256, KeepsFieldsApart) {
  EXPECT_NE(of_fields({"ab", "c"}), of_fields({"a", "bc"}));
  EXPECT_NE(of_fields({"a"}), of_fields({"a", ""}));
  EXPECT_NE(of_fields({"", "a"}), of_fields({"a", ""}));
}

}  // namespace
}  // namespace cairn
