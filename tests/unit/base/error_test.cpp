// SPDX-License-Identifier: BSD-3-Clause
#include "base/error.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace cairn {
namespace {

TEST(Error, IsPrintedWithItsHint) {
  EXPECT_EQ(format_error(UserError("no image 'x'", "cairn status")),
            "cairn: error: no image 'x'\ncairn: hint: cairn status");
  EXPECT_EQ(format_error(Error("a\nb")), "cairn: error: a\nb");
  EXPECT_EQ(format_error(std::runtime_error("x")), "cairn: error: x");
}

// The table of docs/reference/exit-codes.md.
TEST(Error, HasTheExitCodeOfItsKind) {
  EXPECT_EQ(static_cast<int>(Error("x").exit_code()), 1);
  EXPECT_EQ(static_cast<int>(UserError("x").exit_code()), 1);
  EXPECT_EQ(static_cast<int>(UsageError("x").exit_code()), 2);
  EXPECT_EQ(static_cast<int>(UnreachableError("x").exit_code()), 3);
  EXPECT_EQ(static_cast<int>(Interrupted().exit_code()), 130);
}

TEST(Error, KeepsTheSystemsReason) {
  try {
    errno = ENOSPC;
    throw_errno("writing", "/a b");
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "writing '/a b': No space left on device");
  }
}

}  // namespace
}  // namespace cairn
