// SPDX-License-Identifier: BSD-3-Clause
#include "base/git.hpp"

#include "base/file.hpp"
#include "base/process.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cairn {
namespace {

class Git : public ::testing::Test {
 protected:
  void git(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"git", "-C", folder(), "-c", "user.name=me", "-c",
                                         "user.email=me@localhost"});
    run_checked({arguments, {}, "", ""});
  }
  void write(const std::string& name, const std::string& text) const {
    write_file(root_.path() / name, text);
  }
  std::string folder() const { return root_.path().string(); }

 private:
  TempDir root_{"cairn-git-"};
};

TEST_F(Git, KnowsNothingOfAFolderOutsideOfWorkTrees) {
  EXPECT_EQ(source_tree(folder()).commit, "");
  EXPECT_FALSE(source_tree(folder()).dirty);
  EXPECT_EQ(source_tree("/nowhere").commit, "");
  EXPECT_EQ(source_tree("").commit, "");
  EXPECT_EQ(work_tree_above(folder()), "");
  EXPECT_EQ(work_tree_above("/nowhere"), "");
  EXPECT_EQ(work_tree_above(""), "");
}

TEST_F(Git, FindsTheWorkTreeAboveAFolder) {
  git({"init", "-q"});
  EXPECT_EQ(work_tree_above(folder()), folder());
  EXPECT_EQ(work_tree_above(folder() + "/below/./and/../further"), folder());
}

// As in a container that runs as somebody else than the owner of the files.
TEST_F(Git, IsNotTakenForCleanWhereItDoesNotAnswer) {
  write(".git", "gitdir: /nowhere\n");
  EXPECT_EQ(source_tree(folder()).commit, "");
  EXPECT_TRUE(source_tree(folder()).dirty);
}

TEST_F(Git, TellsTheCommitAndWhetherFollowedFilesDiffer) {
  git({"init", "-q"});
  write("a", "1");
  git({"add", "a"});
  EXPECT_EQ(source_tree(folder()).commit, "");
  EXPECT_TRUE(source_tree(folder()).dirty);
  git({"commit", "-q", "-m", "One"});
  write("untracked", "1");
  SourceTree tree = source_tree(folder());
  EXPECT_EQ(tree.commit.size(), 40U);
  EXPECT_EQ(tree.commit, checked_out_commit(folder()));
  EXPECT_FALSE(tree.dirty);
  write("a", "2");
  tree = source_tree(folder());
  EXPECT_EQ(tree.commit, checked_out_commit(folder()));
  EXPECT_TRUE(tree.dirty);
}

}  // namespace
}  // namespace cairn
