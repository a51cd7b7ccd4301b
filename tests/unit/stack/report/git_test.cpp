// SPDX-License-Identifier: BSD-3-Clause
#include "stack/report/git.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/process.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

class Git : public ::testing::Test {
 protected:
  void SetUp() override {
    git({"init", "--quiet"});
    write("kept", "1");
    write("edited", "1");
    write("moved", "a file that is long enough to be known again\n");
    write("folder/gone", "1");
    write(".gitignore", "*.tmp\n");
    git({"add", "."});
    git({"commit", "--quiet", "--message", "Begin"});
  }

  std::string git(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"git", "-C", root().string(), "-c", "user.name=Jane Doe",
                                         "-c", "user.email=jane@example.org"});
    Command command{std::move(arguments), {}, {}, {}};
    command.environment = {{"GIT_AUTHOR_DATE", "2026-03-01T12:00:00Z"}};
    return run_checked(command);
  }

  void write(const std::string& name, const std::string& text) const {
    write_file(root() / name, text);
  }

  fs::path root() const { return folder_.path(); }
  GitTree tree() const { return *GitTree::find(root() / "folder"); }

  TempDir folder_{"cairn-git-test-"};
};

TEST_F(Git, FindsTheTreeThatAFolderLiesIn) {
  EXPECT_EQ(tree().root(), root());
  EXPECT_EQ(tree().relative(root() / "folder/../kept"), "kept");
  EXPECT_EQ(tree().relative(root().parent_path() / "other"), "");
  EXPECT_EQ(GitTree::find(root() / "not/there/yet")->root(), root());
  const TempDir outside("cairn-no-git-");
  EXPECT_FALSE(GitTree::find(outside.path()).has_value());
}

TEST_F(Git, KnowsWhoLastChangedAPath) {
  write("edited", "2");
  git({"commit", "--quiet", "--all", "--message", "Edit: twice"});
  write("kept", "2");
  write("new", "1");
  write("x.tmp", "1");
  fs::remove(root() / "folder/gone");
  const auto histories = tree().history({"edited", "kept", "new", "x.tmp", "folder/gone"});
  ASSERT_EQ(histories.size(), 5U);
  const PathHistory& edited = histories.at("edited");
  ASSERT_TRUE(edited.commit.has_value());
  EXPECT_EQ(edited.commit->subject, "Edit: twice");
  EXPECT_EQ(edited.commit->author, "Jane Doe");
  EXPECT_EQ(edited.commit->date, "2026-03-01T12:00:00Z");
  EXPECT_EQ(edited.commit->hash.size(), 40U);
  EXPECT_FALSE(edited.uncommitted);
  EXPECT_EQ(histories.at("kept").commit->subject, "Begin");
  EXPECT_TRUE(histories.at("kept").uncommitted);
  EXPECT_FALSE(histories.at("new").commit.has_value());
  EXPECT_TRUE(histories.at("new").uncommitted);
  EXPECT_TRUE(histories.at("x.tmp").ignored);
  EXPECT_TRUE(histories.at("folder/gone").uncommitted);
}

TEST_F(Git, TakesNamesForNames) {
  write("[k]ept*", "1");
  write("with 'blanks' and \"quotes\"", "1");
  git({"add", "."});
  git({"commit", "--quiet", "--message", "Odd"});
  const auto histories = tree().history({"[k]ept*", "with 'blanks' and \"quotes\"", "line\nbreak"});
  ASSERT_EQ(histories.size(), 2U);
  EXPECT_EQ(histories.at("[k]ept*").commit->subject, "Odd");
  EXPECT_EQ(histories.at("with 'blanks' and \"quotes\"").commit->subject, "Odd");
}

TEST_F(Git, ListsWhatDiffersFromARevision) {
  write("edited", "2");
  write("new", "1");
  write("x.tmp", "1");
  fs::remove(root() / "folder/gone");
  git({"mv", "moved", "folder/here"});
  ASSERT_EQ(::chmod((root() / "kept").c_str(), 0755), 0);
  std::vector<std::string> found;
  for (const GitChange& change : tree().changes_since(tree().commit("HEAD").hash)) {
    found.push_back(std::string(1, change.status) + " " + change.path +
                    (change.old_path.empty() ? "" : " from " + change.old_path));
  }
  EXPECT_EQ(found, (std::vector<std::string>{"M edited", "D folder/gone",
                                             "R folder/here from moved", "M kept", "? new"}));
}

TEST_F(Git, WritesAnOldTreeAndLeavesTheRepositoryAlone) {
  const std::string begin = tree().commit("HEAD").hash;
  write("edited", "2");
  git({"rm", "--quiet", "folder/gone"});
  const std::string before = git({"status", "--porcelain"});
  tree().write_tree(begin, root() / "old.tmp");
  EXPECT_EQ(read_file(root() / "old.tmp/edited"), "1");
  EXPECT_EQ(read_file(root() / "old.tmp/folder/gone"), "1");
  EXPECT_FALSE(fs::exists(root() / "old.tmp/.git"));
  EXPECT_EQ(git({"status", "--porcelain"}), before);
}

TEST_F(Git, RefusesARevisionThatIsNotThere) {
  for (const std::string revision : {"no-such", "--all"}) {
    try {
      tree().commit(revision);
      FAIL() << "nothing thrown";
    } catch (const UserError& error) {
      EXPECT_EQ(std::string(error.what()),
                "'" + revision + "' is no commit of '" + root().string() + "'");
      EXPECT_EQ(error.hint(),
                "name a branch, tag or commit that is here: git fetch --unshallow, or git fetch "
                "origin " +
                    revision);
    }
  }
}

}  // namespace
}  // namespace cairn::stack
