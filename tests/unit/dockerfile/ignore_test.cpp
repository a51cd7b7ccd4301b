// SPDX-License-Identifier: BSD-3-Clause
#include "dockerfile/ignore.hpp"

#include "support.hpp"

#include <gtest/gtest.h>

namespace cairn::dockerfile {
namespace {

constexpr auto kDocker = IgnoreDialect::docker;
constexpr auto kBuildah = IgnoreDialect::buildah;

struct Row {
  const char* text;
  const char* path;
  bool docker;
  bool buildah;
};

bool excluded(const Row& row, IgnoreDialect dialect) {
  return IgnoreRules::parse(row.text, dialect, ".dockerignore").excludes(row.path);
}

class IgnoreTable : public testing::TestWithParam<Row> {};

TEST_P(IgnoreTable, Excludes) {
  EXPECT_EQ(excluded(GetParam(), kDocker), GetParam().docker) << GetParam().text;
  EXPECT_EQ(excluded(GetParam(), kBuildah), GetParam().buildah) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Files, IgnoreTable,
    testing::Values(
        Row{"", "a", false, false}, Row{"a", "a", true, true}, Row{"a", "a/b/c", true, true},
        Row{"a", "b/a", false, false}, Row{"# a\na", "a", true, true},
        Row{"#a", "#a", false, false}, Row{" #a", "#a", true, true}, Row{"  a\t", "a", true, true},
        Row{"a\r\nb\r\n", "b", true, true}, Row{"a/", "a", true, true}, Row{"/a", "a", true, true},
        Row{"./a", "a", true, true}, Row{"a//", "a/b", true, true}, Row{"x/../a", "a", true, true},
        Row{".", "a", false, false}, Row{"/", "a", false, false}, Row{"..", "a", false, false},
        Row{"../a", "a", false, false}, Row{"*\n!a", "a", false, false},
        Row{"*\n!a", "b", true, true}, Row{"!a\n*", "a", true, true},
        Row{"*\n!a\na", "a", true, true}, Row{"dir\n!dir/a", "dir/a", false, false},
        Row{"dir\n!dir/a", "dir/b", true, true}, Row{"dir\n!dir/a/b", "dir/a/b/c", false, false},
        Row{"dir\n!dir/a/b", "dir/a/c", true, true}, Row{"*\n!dir/*.go", "dir/x.go", false, false},
        Row{"**\n!**/*.go", "dir/x.go", true, true}, Row{"**\n!*.go", "x.go", false, false},
        Row{"dir\n!**/keep", "dir/keep", true, true},
        Row{"**/*.md\n!README.md", "README.md", false, false},
        Row{"**/*.md\n!README.md", "a/README.md", true, true}, Row{"*\n! a", "a", false, true},
        Row{"*\n!/a", "a", false, true},
        Row{"\xEF\xBB\xBF"
            "a",
            "a", true, true},
        Row{"zz\n\xEF\xBB\xBF*.log", "a.log", true, true},
        Row{"a\xC2\xA0\nb\xE3\x80\x80", "a", true, true},
        Row{"a\xC2\xA0\nb\xE3\x80\x80", "b", true, true}, Row{"*\n!c\xC2\x85", "c", false, false},
        Row{"**/node_modules", "x/y/node_modules/z", true, true},
        Row{"a/**/foo\n!a/b/c/foo/bar", "a/b/c/foo/bar", false, false}));

struct Readings {
  const char* text;
  const char* path;
  bool buildx;
  bool docker;
  bool docker20;
  bool buildah;
};

class DialectTable : public testing::TestWithParam<Readings> {};

TEST_P(DialectTable, ExcludesAsItsEngineDoes) {
  const auto& [text, path, buildx, docker, docker20, buildah] = GetParam();
  const Row row{text, path, false, false};
  EXPECT_EQ(excluded(row, IgnoreDialect::buildx), buildx) << text << " on " << path;
  EXPECT_EQ(excluded(row, IgnoreDialect::docker), docker) << text << " on " << path;
  EXPECT_EQ(excluded(row, IgnoreDialect::docker20), docker20) << text << " on " << path;
  EXPECT_EQ(excluded(row, IgnoreDialect::buildah), buildah) << text << " on " << path;
}

// Seen: buildx 0.13 and 0.29, docker 28.2's legacy client, docker 20.10, buildah 1.28.
INSTANTIATE_TEST_SUITE_P(
    Dialects, DialectTable,
    testing::Values(
        // What a folder matched holds for all below it; before 23.0 for one parent only.
        Readings{"*\n!**/b", "b/c/d", false, false, true, false},
        Readings{"*\n!**/b", "b/f", false, false, true, false},
        Readings{"*\n!**/b", "x/b/c", false, true, true, true},
        Readings{"*\n!*b", "xb/c/d", false, false, false, false},
        Readings{"**/e\n!**/deep", "deep/e", true, true, true, false},
        Readings{"a/**/foo\n!a/b/c/foo/bar", "a/b/c/foo/other", true, true, false, true},
        // `!a` is not tried on the folder `a`, which nothing left out.
        Readings{"a/b/c\n!a", "a/b/c", true, true, false, false},
        Readings{"a/b/c\n!a", "a/d", false, false, false, false},
        // Plain text behind '**' is the end of a path.
        Readings{"*\n!**x", "ax", false, false, true, true},
        Readings{"**x", "b/ax", true, true, false, false},
        Readings{"**x", "bx/c", true, true, false, false},
        // Which excluded folders are entered.
        Readings{"dir\n!**/keep", "dir/keep", false, true, true, true},
        Readings{"**\n!**/*.go", "d/b.go", false, true, true, true},
        Readings{"**\n!**/*.go", "d/c.txt", true, true, true, true},
        Readings{"*\n!b/**/*.go", "b/c/d.go", false, true, true, true},
        Readings{"*\n!b/**/*.go", "b/a.go", false, false, false, false},
        Readings{"*\n!b/**", "b/c/d", false, false, false, false},
        Readings{"a/b\n!a/b/*", "a/b/c", false, false, false, false},
        // A line in a name ends what buildah says of all below a folder.
        Readings{"*/b\n!a", "a/b\nc", false, false, false, false}));

TEST(IgnoreRules, BuildxEntersEveryFolderForAWildcardThatIsNotLast) {
  const auto prunes = [](const char* text, const char* folder) {
    return IgnoreRules::parse(text, IgnoreDialect::buildx, "f").prunes(folder);
  };
  EXPECT_FALSE(prunes("*\n!**/*.go", "any"));
  EXPECT_FALSE(prunes("*\n!x\\!", "any"));
  EXPECT_TRUE(prunes("*\n!b/**", "any"));
  EXPECT_FALSE(prunes("*\n!b/**", "b"));
  EXPECT_TRUE(prunes("*\n!b/c/*", "b/d"));
  EXPECT_TRUE(prunes("*", "any"));
}

TEST(IgnoreRules, SaysForWhichLineAFolderIsEntered) {
  const auto line = [](const char* text, IgnoreDialect dialect) {
    return IgnoreRules::parse(text, dialect, "f").entered_for("dir");
  };
  EXPECT_EQ(line("*\n!x\n!**/*.go", IgnoreDialect::buildx), "!**/*.go");
  EXPECT_EQ(line("*\n!x\n!dir/a", IgnoreDialect::docker), "!dir/a");
  EXPECT_EQ(line("*\n!x\n!**/*.go", IgnoreDialect::docker), std::nullopt);
}

TEST(IgnoreRules, ALineLeavesOutItsPathAlone) {
  for (const char* path : {"a", "we*ird", "#x", "!x", "[a]", "b\\c", "d?"}) {
    const IgnoreRules rules = IgnoreRules::parse(ignore_line(path), IgnoreDialect::buildx, "");
    EXPECT_TRUE(rules.excludes(path)) << path;
    EXPECT_FALSE(rules.excludes("weXird")) << path;
    EXPECT_FALSE(rules.excludes("dx")) << path;
  }
}

TEST(IgnoreRules, EmptyHasNoRules) {
  EXPECT_TRUE(IgnoreRules().empty());
  EXPECT_TRUE(IgnoreRules::parse("\n# x\n  \n", kDocker, "f").empty());
  EXPECT_FALSE(IgnoreRules::parse("x", kDocker, "f").empty());
  EXPECT_FALSE(IgnoreRules().excludes("a"));
}

TEST(IgnoreRules, PrunesUnlessAnExceptionBeginsWithTheFolder) {
  const IgnoreRules rules = IgnoreRules::parse("*\n!dir/sub/a\n!**/x\n", kDocker, "f");
  EXPECT_FALSE(rules.prunes("dir"));
  EXPECT_FALSE(rules.prunes("dir/sub"));
  EXPECT_TRUE(rules.prunes("di"));
  EXPECT_TRUE(rules.prunes("dir/other"));
  EXPECT_TRUE(IgnoreRules::parse("*", kDocker, "f").prunes("any"));
}

TEST(IgnoreRules, PruningNeverHidesWhatIsKept) {
  const IgnoreRules rules = IgnoreRules::parse("*\n!a/*/c\n!b\nb/x\n!a/b", kDocker, "f");
  for (const std::string path : {"a/b/c", "a/q/c", "b/y", "b/x/z", "a/b/d/e", "c/d"}) {
    bool hidden = false;
    for (std::size_t slash = path.find('/'); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
      const std::string folder = path.substr(0, slash);
      hidden = hidden || (rules.excludes(folder) && rules.prunes(folder));
    }
    EXPECT_TRUE(!hidden || rules.excludes(path)) << path;
  }
}

TEST(IgnoreRules, BadLinesAreErrors) {
  const auto error = [](const char* text, IgnoreDialect dialect) {
    return message_of([&] { IgnoreRules::parse(text, dialect, "x/.dockerignore"); });
  };
  EXPECT_EQ(error("a\n\n!", kDocker), "x/.dockerignore:3: '!' needs a pattern behind it");
  EXPECT_EQ(error("! ", kBuildah), "x/.dockerignore:1: '!' needs a pattern behind it");
  EXPECT_EQ(error("!/", kDocker), "x/.dockerignore:1: '!' needs a pattern behind it");
  EXPECT_EQ(error("b\na[", kDocker), "x/.dockerignore:2: bad pattern 'a[': its '[' is not closed");
}

}  // namespace
}  // namespace cairn::dockerfile
