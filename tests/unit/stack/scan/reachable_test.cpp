// SPDX-License-Identifier: BSD-3-Clause
#include "stack/scan/reachable.hpp"

#include "base/error.hpp"
#include "base/file.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;
using dockerfile::Builder;
using Paths = std::vector<std::string>;

/// Shown as `path`, `path/` for folders, `path@` for links; `!` behind it where the mode is fixed.
std::string shown(const ContextEntry& entry) {
  const char* mark = entry.stamp.kind == PathKind::directory ? "/"
                     : entry.stamp.kind == PathKind::symlink ? "@"
                                                             : "";
  return entry.path + mark + (entry.fixed_mode ? "!" : "");
}

class ReachableTest : public ::testing::Test {
 protected:
  fs::path root() const { return folder_.path() / "context"; }

  void SetUp() override {
    for (const char* path : {"a.txt", "b.txt", "src/x.c", "src/x.h", "src/deep/y.c", "docs/z.c"})
      write_file(root() / path, path);
    fs::create_directory(root() / "empty");
    fs::create_symlink("src", root() / "link");
  }

  /// What the recipe `FROM scratch` with `lines` reaches.
  Paths reach(const std::string& lines, Builder builder = Builder::buildkit,
              const std::string& ignored = "",
              dockerfile::IgnoreDialect dialect = dockerfile::IgnoreDialect::docker) const {
    const dockerfile::Dockerfile file = dockerfile::parse("FROM scratch\n" + lines, "Dockerfile");
    const auto wants = dockerfile::context_sources(
        file, {0}, {}, builder, [](const dockerfile::Stage&) { return dockerfile::BaseFacts{}; });
    const auto rules = dockerfile::IgnoreRules::parse(ignored, dialect, ".dockerignore");
    ContextTree tree(root().string(), rules, builder);
    Paths paths;
    for (const auto& [unused, entry] : reachable_paths(tree, wants, builder, Missing::refused)) {
      if (!entry.implied) paths.push_back(shown(entry));
    }
    return paths;
  }

  std::string refusal(const std::string& lines, const std::string& ignored = "") const {
    try {
      reach(lines, Builder::buildkit, ignored);
    } catch (const UserError& error) {
      std::string text = std::string(error.what()) + "\n" + error.hint();
      const std::size_t at = text.find(root().string());
      return at == std::string::npos ? text : text.replace(at, root().string().size(), "@");
    }
    return "taken";
  }

  TempDir folder_{"cairn-reachable-test-"};
};

TEST_F(ReachableTest, LiteralSourcesAreThemselves) {
  EXPECT_EQ(reach("COPY a.txt src/deep/y.c /x/"), (Paths{"a.txt", "src/deep/y.c"}));
  EXPECT_EQ(reach("COPY ../../a.txt /src/../b.txt ./docs/z.c /x/"),
            (Paths{"a.txt", "b.txt", "docs/z.c"}));
  EXPECT_EQ(reach("RUN --mount=source=docs/z.c,target=/x y"), (Paths{"docs/z.c"}));
  EXPECT_EQ(reach("RUN true"), Paths{});
}

TEST_F(ReachableTest, FoldersComeWithAllThatIsInThem) {
  EXPECT_EQ(reach("COPY src/ /x/"),
            (Paths{"src/!", "src/deep/", "src/deep/y.c", "src/x.c", "src/x.h"}));
  EXPECT_EQ(reach("COPY empty /x"), (Paths{"empty/!"}));
  EXPECT_EQ(reach("COPY . /x").size(), 11U);
  EXPECT_EQ(reach("COPY / /x"), reach("COPY . /x"));
  EXPECT_EQ(reach("RUN --mount=target=/x y"), reach("COPY . /x"));
}

TEST_F(ReachableTest, ModesCountUnlessTheBuilderSaysThem) {
  EXPECT_EQ(reach("COPY empty /x"), (Paths{"empty/!"})) << "the builder makes the destination";
  EXPECT_EQ(reach("RUN --mount=source=empty,target=/x y"), (Paths{"empty/"}));
  EXPECT_EQ(reach("COPY --chmod=755 docs /x"), (Paths{"docs/!", "docs/z.c!"}));
  EXPECT_EQ(reach("COPY --chmod=755 docs /x\nCOPY docs /y"), (Paths{"docs/!", "docs/z.c"}));
}

TEST_F(ReachableTest, WildcardsMatchAsTheBuilderMatches) {
  for (const Builder builder : {Builder::buildkit, Builder::legacy, Builder::buildah}) {
    EXPECT_EQ(reach("COPY *.txt /x/", builder), (Paths{"a.txt", "b.txt"}));
    EXPECT_EQ(reach("COPY s*/x.[ch] /x/", builder), (Paths{"src/x.c", "src/x.h"}));
    EXPECT_EQ(reach("COPY none* /x/", builder), Paths{});
  }
  EXPECT_EQ(reach("COPY **/y.c /x/"), Paths{});
  EXPECT_EQ(reach("COPY **/y.c /x/", Builder::buildah), (Paths{"src/deep/y.c"}));
  EXPECT_EQ(reach("COPY d* /x/"), (Paths{"docs/!", "docs/z.c"}));
}

TEST_F(ReachableTest, SourceLinksAreFollowedAndOthersKept) {
  EXPECT_EQ(reach("COPY link/x.c /x"), (Paths{"link@", "src/x.c"}));
  EXPECT_EQ(reach("COPY link /x/"),
            (Paths{"link@", "src/!", "src/deep/", "src/deep/y.c", "src/x.c", "src/x.h"}));
  EXPECT_EQ(reach("COPY link/*.h /x/"), (Paths{"link@", "src/x.h"}));
  EXPECT_EQ(reach("COPY link/*.h /x/", Builder::legacy), Paths{});
  fs::create_symlink("/docs/z.c", root() / "empty/absolute");
  fs::create_symlink("../../../a.txt", root() / "empty/out");
  EXPECT_EQ(reach("COPY empty/absolute empty/out /x/"),
            (Paths{"a.txt", "docs/z.c", "empty/absolute@", "empty/out@"}));
  EXPECT_EQ(reach("COPY empty /x/"), (Paths{"empty/!", "empty/absolute@", "empty/out@"}));
}

TEST_F(ReachableTest, LinksInACircleLeadNowhere) {
  fs::create_symlink("two", root() / "one");
  fs::create_symlink("one", root() / "two");
  EXPECT_EQ(refusal("COPY one /x").substr(0, 54),
            "Dockerfile:2: COPY takes 'one', but the context '@' le");
}

TEST_F(ReachableTest, IgnoreRulesStandBeforeSources) {
  EXPECT_EQ(reach("COPY *.txt /x/", Builder::buildkit, "b.txt"), (Paths{"a.txt"}));
  EXPECT_EQ(reach("COPY src /x/", Builder::buildkit, "**/deep\nsrc/*.h"),
            (Paths{"src/!", "src/x.c"}));
}

TEST_F(ReachableTest, FoldersThatAnExceptionReachesIntoAreTheBuildersOwn) {
  const std::string ignored = "src\n!src/deep/y.c";
  EXPECT_EQ(reach("COPY . /x/", Builder::legacy, ignored + "\n*.txt\ndocs\nempty\nlink"),
            (Paths{"src/!", "src/deep/!", "src/deep/y.c"}));
  EXPECT_EQ(reach("COPY . /x/", Builder::buildkit, ignored + "\n*.txt\ndocs\nempty\nlink"),
            (Paths{"src/", "src/deep/", "src/deep/y.c"}));
}

TEST_F(ReachableTest, ExcludesAreAboutTheSourceFolder) {
  EXPECT_EQ(reach("COPY --exclude=*.h --exclude=deep src /x/"), (Paths{"src/!", "src/x.c"}));
  EXPECT_EQ(reach("COPY --exclude=**/*.c src /x/"), (Paths{"src/!", "src/deep/", "src/x.h"}));
  EXPECT_EQ(reach("COPY --exclude=src/x.h src /x/", Builder::buildah),
            (Paths{"src/!", "src/deep/", "src/deep/y.c", "src/x.c"}));
}

TEST_F(ReachableTest, ParentsAreNoWayOutOfTheContext) {
  write_file(folder_.path() / "outside/secret", "x");
  fs::create_symlink("../outside", root() / "out");
  EXPECT_EQ(refusal("COPY --parents out/secret /x/"),
            "Dockerfile:2: COPY takes 'out/secret', but the context '@' has no such path\n"
            "make it, or take it out of that line");
  EXPECT_EQ(reach("COPY --parents link/deep/y.c /x/"), (Paths{"link@", "src/deep/y.c"}));
}

// As many ways as folders, not as ways through them.
TEST_F(ReachableTest, ManyStarsMeetEachFolderOnce) {
  std::string deep = "n";
  for (int i = 0; i < 40; ++i)
    deep += "/n";
  write_file(root() / deep / "leaf", "x");
  EXPECT_EQ(reach("COPY **/**/**/**/**/**/leaf /x/", Builder::buildah), (Paths{deep + "/leaf"}));
}

TEST_F(ReachableTest, AnExcludeIsNoComment) {
  write_file(root() / "src/#h", "x");
  EXPECT_EQ(reach("COPY --exclude=#h --exclude=deep --exclude=x.* src /x/"), Paths{"src/!"});
}

TEST_F(ReachableTest, ParentsComeAlong) {
  EXPECT_EQ(reach("COPY --parents src/deep/y.c /x/"), (Paths{"src/", "src/deep/", "src/deep/y.c"}));
  EXPECT_EQ(reach("COPY --parents src/**/*.c /x/"),
            (Paths{"src/", "src/deep/", "src/deep/y.c", "src/x.c"}));
  EXPECT_EQ(reach("COPY --parents ./src/./x.h /x/"), (Paths{"src/", "src/x.h"}));
}

TEST_F(ReachableTest, InDoubtItIsEverything) {
  EXPECT_EQ(reach("RUN --mount=source=$X,target=/x y"), reach("COPY . /x"));
}

TEST_F(ReachableTest, MissingSourcesAreRefused) {
  EXPECT_EQ(refusal("COPY a.tx /x"),
            "Dockerfile:2: COPY takes 'a.tx', but the context '@' has no such path\n"
            "did you mean 'a.txt'?");
  EXPECT_EQ(refusal("\nADD qqqqqqqq/r /x"),
            "Dockerfile:3: ADD takes 'qqqqqqqq/r', but the context '@' has no such path\n"
            "make it, or take it out of that line");
  EXPECT_EQ(refusal("COPY docs/z.c /x", "docs"),
            "Dockerfile:2: COPY takes 'docs/z.c', but the context '@' leaves it out by its ignore "
            "rules\nadd the line '!docs/z.c' to .dockerignore");
  EXPECT_EQ(refusal("RUN --mount=source=no,target=/x y").substr(0, 32),
            "Dockerfile:2: RUN --mount takes ");
}

TEST_F(ReachableTest, OnlyWhatIsReachedMustBeReadable) {
  ASSERT_EQ(::mkfifo((root() / "docs/pipe").c_str(), 0600), 0);
  EXPECT_EQ(reach("COPY a.txt /x"), (Paths{"a.txt"}));
  EXPECT_EQ(refusal("COPY docs /x"),
            "context '@' holds 'docs/pipe', which is no file, folder or link: engines do not agree "
            "on what to do with it\nleave it out: add the line 'docs/pipe' to .dockerignore");
}

TEST_F(ReachableTest, GeneratedFilesLieOverTheContext) {
  write_file(folder_.path() / "made", "made");
  const PathStamp stamp = stamp_at(AT_FDCWD, (folder_.path() / "made").c_str());
  const dockerfile::IgnoreRules none;
  ContextTree tree(root().string(), none, Builder::buildkit,
                   {{"bin", {"", stamp_at(AT_FDCWD, root().c_str())}},
                    {"bin/tool", {(folder_.path() / "made").string(), stamp}}});
  dockerfile::ContextWants wants;
  wants.sources.emplace_back();
  wants.sources.back().path = "bin";
  const auto paths = reachable_paths(tree, wants, Builder::buildkit, Missing::refused);
  ASSERT_EQ(paths.size(), 2U);
  EXPECT_TRUE(paths.at("bin/tool").generated);
  EXPECT_EQ(tree.disk_path("bin/tool"), (folder_.path() / "made").string());
}

TEST_F(ReachableTest, AnIgnoredFolderComesWithWhatAMarkBringsBack) {
  using Dialect = dockerfile::IgnoreDialect;
  const auto brought = [&](Dialect dialect, const std::string& ignored) {
    return reach("COPY . /\n", Builder::buildkit, ignored, dialect);
  };
  EXPECT_EQ(brought(Dialect::docker20, "*\n!src/none"), (Paths{"src/"}));
  EXPECT_EQ(brought(Dialect::buildx, "*\n!src/none"), Paths{});
  EXPECT_EQ(brought(Dialect::buildx, "*\n!src/x.c"), (Paths{"src/", "src/x.c"}));
  EXPECT_EQ(brought(Dialect::buildx, "*\n!**/y.c"), (Paths{"src/", "src/deep/", "src/deep/y.c"}));
}

}  // namespace
}  // namespace cairn::stack
