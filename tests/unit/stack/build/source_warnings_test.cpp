// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/source_warnings.hpp"

#include "base/file.hpp"
#include "base/process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kPointer =
    "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n";

/// A repository with real git; its folder `images/web` is a context, `staged` what of it is built.
class SourceWarnings : public ::testing::Test {
 protected:
  void SetUp() override {
    git({"init", "-q"}, repository());
    fs::create_directories(context());
    fs::create_directories(staged());
  }

  fs::path repository() const { return folder_.path() / "repository"; }
  fs::path context() const { return repository() / "images/web"; }
  fs::path staged() const { return folder_.path() / "staged"; }

  static void git(const std::vector<std::string>& words, const fs::path& where) {
    fs::create_directories(where);
    Command command{{"git", "-c", "user.name=x", "-c", "user.email=x@example.org", "-c",
                     "protocol.file.allow=always"},
                    {},
                    {},
                    {}};
    // Nobody's own configuration and no repository around the test may act.
    command.environment = {{"GIT_CONFIG_GLOBAL", "/dev/null"}, {"GIT_CONFIG_SYSTEM", "/dev/null"}};
    command.directory = where.string();
    command.argv.insert(command.argv.end(), words.begin(), words.end());
    run_checked(command);
  }
  /// A file that is in the context and staged.
  void add(const std::string& path, const std::string& text = "x") const {
    write_file(context() / path, text);
    write_file(staged() / path, text);
  }
  std::vector<std::string> warnings() const {
    BuildDescription image;
    image.target = "web";
    image.context = context().string();
    image.generated_context = generated_context;
    return source_warnings(image, staged(), ignore_file);
  }

  bool generated_context = false;
  std::string ignore_file = ".dockerignore";

 private:
  TempDir folder_{"cairn-warnings-test-"};
};

TEST_F(SourceWarnings, NothingIsOddAboutTrackedAndNewFiles) {
  add("a");
  add("sub/b");
  EXPECT_THAT(warnings(), IsEmpty());
}

TEST_F(SourceWarnings, AFileThatGitIgnores) {
  write_file(repository() / ".gitignore", "*.log\n");
  add("a");
  add("logs/run now.log");
  EXPECT_THAT(
      warnings(),
      ElementsAre("warning: 'web' takes 'logs/run now.log', which git ignores; if the image "
                  "does not need it, add the line 'logs/run now.log' to .dockerignore"));
}

TEST_F(SourceWarnings, TheIgnoreFileInForceIsNamed) {
  write_file(repository() / ".gitignore", "*.log\n");
  fs::create_directories(staged() / ".git");
  add("run.log");
  ignore_file = "Dockerfile.containerignore";
  EXPECT_THAT(
      warnings(),
      ElementsAre("warning: 'web' takes .git, which every commit changes; if the image does "
                  "not need it, add the line '.git' to Dockerfile.containerignore",
                  "warning: 'web' takes 'run.log', which git ignores; if the image does not "
                  "need it, add the line 'run.log' to Dockerfile.containerignore"));
}

TEST_F(SourceWarnings, ATrackedFileIsNotIgnoredWhateverIsWritten) {
  add("run.log");
  git({"add", "-f", "images/web/run.log"}, repository());
  write_file(repository() / ".gitignore", "*.log\n");
  EXPECT_THAT(warnings(), IsEmpty());
}

TEST_F(SourceWarnings, AFileThatTheBuildMadeIsNoSource) {
  write_file(repository() / ".gitignore", "app/\n");
  write_file(staged() / "app/tool", kPointer);
  EXPECT_THAT(warnings(), IsEmpty());
}

TEST_F(SourceWarnings, TheFolderOfGitItself) {
  fs::create_directories(staged() / ".git");
  write_file(staged() / ".git/HEAD", "ref: refs/heads/main\n");
  EXPECT_THAT(
      warnings(),
      ElementsAre("warning: 'web' takes .git, which every commit changes; if the image does "
                  "not need it, add the line '.git' to .dockerignore"));
}

TEST_F(SourceWarnings, AGitLfsPointer) {
  add("model.bin", kPointer);
  add("long.bin", std::string(kPointer) + std::string(2000, ' '));
  EXPECT_THAT(warnings(), ElementsAre("warning: 'web' takes 'model.bin', a Git LFS pointer and not "
                                      "the file: git lfs pull"));
}

class WithSubmodule : public SourceWarnings {
 protected:
  void SetUp() override {
    SourceWarnings::SetUp();
    const fs::path library = repository().parent_path() / "library";
    git({"init", "-q"}, library);
    git({"commit", "-q", "--allow-empty", "-m", "x"}, library);
    git({"submodule", "-q", "add", library.string(), "images/web/a lib"}, repository());
  }
  void take_out() const {
    git({"submodule", "-q", "deinit", "-f", "images/web/a lib"}, repository());
  }
};

TEST_F(WithSubmodule, IsNamedWhenItIsNotCheckedOut) {
  take_out();
  fs::create_directories(staged() / "a lib");
  EXPECT_THAT(warnings(),
              ElementsAre("warning: the submodule 'a lib' in the context of 'web' is not checked "
                          "out: git submodule update --init"));
}

TEST_F(WithSubmodule, IsNotMissedWhereItIsIgnored) {
  take_out();
  EXPECT_THAT(warnings(), IsEmpty());
}

TEST_F(WithSubmodule, IsFineWhenItIsCheckedOut) {
  fs::create_directories(staged() / "a lib");
  EXPECT_THAT(warnings(), IsEmpty());
}

TEST_F(SourceWarnings, AContextThatTheBuildMakesHasNone) {
  generated_context = true;
  add("model.bin", kPointer);
  EXPECT_THAT(warnings(), IsEmpty());
}

TEST_F(SourceWarnings, WithoutARepositoryOnlyTheFilesSpeak) {
  fs::remove_all(repository() / ".git");
  write_file(repository() / ".gitignore", "*.log\n");
  add("run.log");
  add("model.bin", kPointer);
  EXPECT_EQ(warnings().size(), 1U);
}

}  // namespace
}  // namespace cairn::stack
