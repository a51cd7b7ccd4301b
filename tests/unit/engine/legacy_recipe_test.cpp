// SPDX-License-Identifier: BSD-3-Clause
#include "engine/legacy_recipe.hpp"

#include "base/file.hpp"

#include <gtest/gtest.h>

namespace cairn::engine {
namespace {
namespace fs = std::filesystem;

class LegacyRecipeTest : public ::testing::Test {
 protected:
  LegacyRecipeTest() {
    fs::create_directory(context_);
    request_.context = context_;
    request_.dockerfile = folder_.path() / "Dockerfile";
    write_file(request_.dockerfile, "FROM scratch\nCOPY . /\n");
  }

  std::string ignored() const { return read_file(context_ / ".dockerignore"); }

  TempDir folder_{"cairn-legacy-recipe-"};
  fs::path context_ = folder_.path() / "context";
  BuildRequest request_;
};

TEST_F(LegacyRecipeTest, StaysOutsideAContextWithoutIgnoreFile) {
  const LegacyRecipe recipe(request_);
  EXPECT_EQ(recipe.path(), request_.dockerfile);
  EXPECT_TRUE(fs::is_empty(context_));
}

TEST_F(LegacyRecipeTest, GivesTheIgnoreFileTheSameBytesAtEveryBuild) {
  write_file(context_ / ".dockerignore", "*.log");
  for (int build = 0; build < 2; ++build) {
    const LegacyRecipe recipe(request_);
    EXPECT_EQ(recipe.path(), context_ / ".dockerfile.cairn");
    EXPECT_EQ(read_file(recipe.path()), "FROM scratch\nCOPY . /\n");
    EXPECT_EQ(ignored(), "*.log\n.dockerfile.cairn\n");
  }
}

TEST_F(LegacyRecipeTest, TakesEverythingBack) {
  write_file(context_ / ".dockerignore", "*.log\n");
  fs::permissions(context_ / ".dockerignore", fs::perms(0444));
  { const LegacyRecipe recipe(request_); }
  EXPECT_EQ(ignored(), "*.log\n");
  EXPECT_EQ(fs::status(context_ / ".dockerignore").permissions(), fs::perms(0444));
  EXPECT_FALSE(fs::exists(context_ / ".dockerfile.cairn"));
}

TEST_F(LegacyRecipeTest, LeavesAFileOfTheSameNameAlone) {
  write_file(context_ / ".dockerignore", "");
  write_file(context_ / ".dockerfile.cairn", "mine");
  { EXPECT_EQ(LegacyRecipe(request_).path(), context_ / ".dockerfile.cairn_"); }
  EXPECT_EQ(read_file(context_ / ".dockerfile.cairn"), "mine");
}

}  // namespace
}  // namespace cairn::engine
