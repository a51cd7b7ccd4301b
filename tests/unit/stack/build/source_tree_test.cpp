// SPDX-License-Identifier: BSD-3-Clause
#include "base/git.hpp"
#include "base/process.hpp"
#include "build_fixture.hpp"

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

using cairn::testing::config_of;

/// An image whose sources are in a work tree with one commit.
class SourceTreeOfBuild : public BuildFixture {
 protected:
  SourceTreeOfBuild() {
    // As in the tool: a git that fails does not read what it is given, and the pipe breaks.
    install_interrupt_handlers();
    stack.add("web", "FROM scratch\nCOPY index.html /\n");
    edit("hello");
    git({"init", "-q"});
    commit();
  }
  void edit(const std::string& text) { write_file(stack.source("web") / "index.html", text); }
  void commit() {
    git({"add", "."});
    git({"commit", "-q", "-m", "Text"});
  }
  void git(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"git", "-C", stack.source("web").string(), "-c",
                                         "user.name=me", "-c", "user.email=me@localhost"});
    run_checked({arguments, {}, "", ""});
  }
  /// `work` runs while the engine builds.
  void meanwhile(const std::function<void()>& work) {
    world().on_build = [this, work](const testing::SeenBuild&) {
      work();
      return world().hold(config_of({"l1"}), {}, "built");
    };
  }
  void expect_tree(const std::string& commit, bool dirty) const {
    EXPECT_EQ(record("web").revision, commit);
    EXPECT_EQ(record("web").dirty, dirty);
  }
  std::string head() const { return checked_out_commit(stack.source("web").string()); }
};

TEST_F(SourceTreeOfBuild, IsNotedWhenItHasChanges) {
  build("web", {"l1"});
  expect_tree(head(), false);
  edit("hello again");
  build("web", {"l2"});
  expect_tree(head(), true);
}

TEST_F(SourceTreeOfBuild, IsLookedAtAgainWhenWhatWasBuiltOfChangesIsReused) {
  edit("hello again");
  build("web", {"l1"});
  commit();
  EXPECT_EQ(build("web", {"l1"}).outcome, BuildOutcome::reused);
  expect_tree(head(), false);
}

TEST_F(SourceTreeOfBuild, IsAskedBeforeItsFilesAreTaken) {
  edit("hello again");
  meanwhile([this] { git({"checkout", "-q", "."}); });
  build("web", {});
  EXPECT_TRUE(record("web").dirty);
  meanwhile([this] { edit("hello once more"); });
  build("web", {}, {.force = true});
  EXPECT_FALSE(record("web").dirty);
}

// A recipe that the build made lies in its folder, which may be anywhere.
TEST_F(SourceTreeOfBuild, IsThatOfTheContextWhereTheRecipeLiesInNone) {
  write_file(stack.root() / "made/Dockerfile", "FROM scratch\nCOPY index.html /\n");
  stack.change("web", {{"dockerfile", (stack.root() / "made/Dockerfile").string()}});
  build("web", {"l1"});
  expect_tree(head(), false);
  edit("hello again");
  build("web", {"l2"});
  expect_tree(head(), true);
}

TEST_F(SourceTreeOfBuild, IsThatOfTheRecipeAndThatOfTheContext) {
  const fs::path recipes = stack.root() / "recipes";
  write_file(recipes / "Dockerfile", "FROM scratch\nCOPY index.html /\n");
  stack.change("web", {{"dockerfile", (recipes / "Dockerfile").string()}});
  run_checked({{"git", "-C", recipes.string(), "init", "-q"}, {}, "", ""});
  run_checked({{"git", "-C", recipes.string(), "add", "."}, {}, "", ""});
  run_checked({{"git", "-C", recipes.string(), "-c", "user.name=me", "-c",
                "user.email=me@localhost", "commit", "-q", "-m", "Recipe"},
               {},
               "",
               ""});
  build("web", {"l1"});
  expect_tree(checked_out_commit(recipes.string()), false);
  edit("hello again");
  build("web", {"l2"});
  EXPECT_TRUE(record("web").dirty);
}

TEST_F(SourceTreeOfBuild, IsNotTakenForCleanWhereGitDoesNotAnswer) {
  write_file(stack.source("web") / ".git/HEAD", "what git never writes");
  build("web", {"l1"});
  expect_tree("", true);
}

TEST_F(SourceTreeOfBuild, IsNothingOutsideOfWorkTrees) {
  fs::remove_all(stack.source("web") / ".git");
  build("web", {"l1"});
  expect_tree("", false);
}

TEST_F(SourceTreeOfBuild, IsTheCleanOneOfTwoThatGaveTheSameContent) {
  const auto twin = [this](const std::string& name) {
    world().on_build = [this, name](const testing::SeenBuild&) {
      return world().hold(config_of({"l1"}), {}, name);
    };
  };
  edit("hello again");
  build("web", {"l1"});
  commit();
  twin("forced");
  EXPECT_EQ(build("web", {}, {.force = true}).outcome, BuildOutcome::kept);
  const std::string clean = head();
  expect_tree(clean, false);
  edit("hello once more");
  twin("edited");
  EXPECT_EQ(build("web", {}).outcome, BuildOutcome::kept);
  expect_tree(clean, false);
}

}  // namespace
}  // namespace cairn::stack
