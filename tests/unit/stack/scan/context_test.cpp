// SPDX-License-Identifier: BSD-3-Clause
#include "stack/scan/context.hpp"

#include "base/error.hpp"
#include "base/file.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sys/stat.h>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

class ContextTest : public ::testing::Test {
 protected:
  fs::path root() const { return folder_.path() / "context"; }

  void SetUp() override { fs::create_directory(root()); }

  std::vector<std::string> list(const std::string& ignored = "") const {
    const auto rules =
        dockerfile::IgnoreRules::parse(ignored, dockerfile::IgnoreDialect::docker, ".dockerignore");
    std::vector<std::string> paths;
    for (const ContextEntry& entry : list_context(root().string(), rules, nothing_known_).entries) {
      paths.push_back(entry.path);
    }
    return paths;
  }

  TempDir folder_{"cairn-context-test-"};
  KnownDigest nothing_known_ = [](const std::string&, const PathStamp&) { return std::nullopt; };
};

using Paths = std::vector<std::string>;

TEST_F(ContextTest, TakesOddNamesAsTheyAre) {
  const Paths names{"a b", "line\nbreak", "quote\"'", "ünï", "\xff\xfe"};
  for (const std::string& name : names)
    write_file(root() / name, name);
  Paths sorted = names;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(list(), sorted);
}

TEST_F(ContextTest, CountsEmptyFoldersAndKeepsLinks) {
  fs::create_directory(root() / "empty");
  fs::create_symlink("/etc/passwd", root() / "out");
  EXPECT_EQ(list(), (Paths{"empty", "out"}));
}

TEST_F(ContextTest, BringsBackWhatAnExceptionNames) {
  write_file(root() / "docs/keep.md", "");
  write_file(root() / "docs/drop.md", "");
  write_file(root() / "build/x.o", "");
  EXPECT_EQ(list("docs\n!docs/keep.md\nbuild\n"), (Paths{"docs", "docs/keep.md"}));
}

TEST_F(ContextTest, RefusesAFifoWithoutOpeningIt) {
  ASSERT_EQ(::mkfifo((root() / "pipe").c_str(), 0600), 0);
  try {
    list();
    FAIL() << "a FIFO was taken";
  } catch (const UserError& error) {
    EXPECT_EQ(error.what(), "context '" + root().string() +
                                "' holds 'pipe', which is no file, folder or link: engines do "
                                "not agree on what to do with it");
    EXPECT_EQ(error.hint(), "leave it out: add the line 'pipe' to .dockerignore");
  }
  EXPECT_EQ(list("pipe"), Paths{});
}

TEST_F(ContextTest, NamesTheIgnoreFileInForce) {
  const auto name_of = [](const std::string& file) {
    return ignore_file_name(
        dockerfile::IgnoreRules::parse("", dockerfile::IgnoreDialect::buildah, file), "/src/web");
  };
  EXPECT_EQ(ignore_file_name({}, "/src/web"), ".dockerignore");
  EXPECT_EQ(name_of("/src/web/.containerignore"), ".containerignore");
  EXPECT_EQ(name_of("/src/web/recipes/Dockerfile.dockerignore"), "recipes/Dockerfile.dockerignore");
  EXPECT_EQ(name_of("/src/web.Dockerfile.dockerignore"), "/src/web.Dockerfile.dockerignore");
}

TEST_F(ContextTest, MakesNamesPrintable) {
  EXPECT_EQ(printable("a\nb\x01\xff é"), "a\\nb\\x01\\xff é");
}

}  // namespace
}  // namespace cairn::stack
