// SPDX-License-Identifier: BSD-3-Clause
#include "dockerfile/context_sources.hpp"

#include "support.hpp"

#include <gtest/gtest.h>

namespace cairn::dockerfile {
namespace {

using Names = std::vector<std::string>;
using Arguments = std::map<std::string, std::string>;

/// What a recipe is read with; made by the functions below. (As an aggregate that is filled in
/// part, gcc 12 takes its strings for uninitialised as soon as it optimises.)
struct Asked {
  BaseFacts base;
  Arguments arguments;
  Builder builder = Builder::buildkit;
  std::string target;
};

Asked on(const BaseFacts& base, Builder builder = Builder::buildkit) {
  Asked asked;
  asked.base = base;
  asked.builder = builder;
  return asked;
}

Asked with(const Arguments& arguments) {
  Asked asked;
  asked.arguments = arguments;
  return asked;
}

Asked read_by(Builder builder) {
  Asked asked;
  asked.builder = builder;
  return asked;
}

Asked up_to(const std::string& target) {
  Asked asked;
  asked.target = target;
  return asked;
}

ContextWants wants_of(const std::string& text, const Asked& asked = Asked()) {
  const Dockerfile file = read(text, asked.arguments);
  return context_sources(file, needed_stages(file, asked.target), asked.arguments, asked.builder,
                         [&](const Stage&) { return asked.base; });
}

Names paths_of(const std::string& text, const Asked& asked = Asked()) {
  Names paths;
  for (const ContextSource& source : wants_of(text, asked).sources)
    paths.push_back(source.path);
  return paths;
}

BaseFacts unknown_base() {
  BaseFacts facts;
  facts.whole_environment = false;
  return facts;
}

struct Row {
  const char* lines;
  Names paths;
};

class SourcesTable : public testing::TestWithParam<Row> {};

TEST_P(SourcesTable, AreWhatTheInstructionsName) {
  EXPECT_EQ(paths_of("FROM scratch\n" + std::string(GetParam().lines)), GetParam().paths);
}

INSTANTIATE_TEST_SUITE_P(
    Clauses, SourcesTable,
    testing::Values(
        Row{"COPY a b /x/", {"a", "b"}}, Row{"COPY [\"a b\", \"/x\"]", {"a b"}},
        Row{"COPY --link --chown=1:2 a /x", {"a"}}, Row{"COPY --from=other a /x", {}},
        Row{"ADD a.tar /x", {"a.tar"}}, Row{"ADD https://x.org/a.tar b /x/", {"b"}},
        Row{"COPY <<A <<B c /x/\na\nA\nb\nB", {"c"}}, Row{"COPY <<A a<<b /x/\na\nA", {"a<<b"}},
        Row{"COPY \\\n# c\n a /x", {"a"}}, Row{"RUN --mount=type=bind,source=a,target=/x y", {"a"}},
        Row{"RUN --mount=target=/x y", {"/"}}, Row{"RUN --mount=type=bind,src=a,dst=/x y", {"a"}},
        Row{"RUN --mount=type=bind,from=other,source=a,target=/x y", {}},
        Row{"RUN --mount=type=cache,source=a,target=/x y", {}},
        Row{"RUN --mount=type=secret,id=a y", {}},
        Row{"RUN --mount=target=/x,source=a --mount=target=/y,source=b z", {"a", "b"}},
        Row{"ENV s=a\nCOPY $s/b /x", {"a/b"}}, Row{"ARG s=a\nCOPY ${s}b /x", {"ab"}},
        Row{"ENV s=a\nENV s=b t=$s\nCOPY $t /x", {"a"}}, Row{"ENV s a b\nCOPY $s /x", {"a b"}},
        Row{"ARG s\nCOPY x${s:-c} /x", {"xc"}}, Row{"COPY x$none /x", {"x"}},
        Row{"COPY \"a\" 'b' /x/", {"a", "b"}}, Row{"COPY [\"a\\\\*b\", \"/x\"]", {"a*b"}},
        Row{"ENV p=a/b.tar.gz\nCOPY ${p##*/} ${p%%.*} ${p/b/c} /x/",
            {"b.tar.gz", "a/b", "a/c.tar.gz"}},
        Row{"ONBUILD COPY a /x", {}}, Row{"WORKDIR /x\nCOPY . .", {"."}}));

TEST(ContextSources, KnowWhatFlagsSay) {
  const auto sources =
      wants_of(
          "FROM scratch\nCOPY --parents --exclude=*.o --exclude=\"x y\" --chmod=644 src /x/\n"
          "COPY --chmod=u+x a /x\nCOPY --parents=false b .\nADD c /x/.\n")
          .sources;
  ASSERT_EQ(sources.size(), 4U);
  EXPECT_TRUE(sources[0].parents && sources[0].fixed_mode);
  EXPECT_EQ(sources[0].excludes, (Names{"*.o", "x y"}));
  EXPECT_FALSE(sources[1].fixed_mode) << "u+x depends on the mode that is there";
  EXPECT_FALSE(sources[2].parents);
  EXPECT_EQ(sources[3].kind, ContextSource::Kind::add);
  EXPECT_EQ(sources[3].place, "Dockerfile:5");
}

TEST(ContextSources, AreThoseOfNeededStages) {
  const std::string text =
      "FROM scratch AS a\nCOPY a /\nFROM scratch AS b\nCOPY b /\nFROM scratch\nCOPY --from=b / /\n";
  EXPECT_EQ(paths_of(text), (Names{"b"}));
  EXPECT_EQ(paths_of(text, up_to("a")), (Names{"a"}));
}

TEST(ContextSources, FollowArgumentsGivenAndDeclared) {
  EXPECT_EQ(paths_of("ARG s=a\nFROM scratch\nCOPY x$s /\nARG s\nCOPY x$s /"), (Names{"x", "xa"}));
  EXPECT_EQ(paths_of("FROM scratch\nARG s=a\nCOPY $s /", with({{"s", "b"}})), (Names{"b"}));
  EXPECT_EQ(paths_of("FROM scratch\nARG TARGETARCH\nCOPY $TARGETARCH /",
                     with(platform_arguments("linux/arm64", "linux/amd64"))),
            (Names{"arm64"}));
}

TEST(ContextSources, FollowTheBuilderWhereArgMeetsEnv) {
  const std::string text = "FROM scratch\nENV s=env\nARG s=arg\nCOPY $s /";
  EXPECT_EQ(paths_of(text), (Names{"arg"}));
  EXPECT_EQ(paths_of(text, read_by(Builder::legacy)), (Names{"env"}));
  EXPECT_EQ(paths_of(text, read_by(Builder::buildah)), (Names{"env"}));
  const std::string inherited = "FROM scratch AS a\nARG s=arg\nFROM a\nCOPY x$s /";
  EXPECT_EQ(paths_of(inherited), (Names{"xarg"}));
  EXPECT_EQ(paths_of(inherited, read_by(Builder::legacy)), (Names{"x"}));
}

TEST(ContextSources, KnowTheEnvironmentOfTheBase) {
  BaseFacts base = {};
  base.environment["s"] = "a";
  EXPECT_EQ(paths_of("FROM base\nCOPY $s /", on(base)), (Names{"a"}));
  EXPECT_EQ(paths_of("FROM base AS x\nENV t=$s\nFROM x\nCOPY $t /", on(base)), (Names{"a"}));
}

TEST(ContextSources, DoubtWhatOnlyTheBaseKnows) {
  const Asked asked = on(unknown_base());
  EXPECT_EQ(wants_of("FROM base\nCOPY $SRC /", asked).doubts, (Names{"$SRC comes from the base"}));
  EXPECT_EQ(wants_of("FROM base\nENV T=$SRC\nCOPY ${T:-x} /", asked).doubts,
            (Names{"$T comes from the base"}));
  EXPECT_EQ(wants_of("FROM base\nARG SRC=a\nCOPY $SRC /", asked).doubts, Names{});
  EXPECT_EQ(wants_of("FROM base\nENV SRC=a\nCOPY $SRC /", asked).doubts, Names{});
  EXPECT_EQ(wants_of("FROM base\nCOPY a /", asked).doubts, Names{});
  EXPECT_EQ(
      wants_of("FROM base\nARG SRC=a\nCOPY $SRC /", on(unknown_base(), Builder::legacy)).doubts,
      (Names{"$SRC comes from the base"}))
      << "its ENV would win";
  BaseFacts hides_none = unknown_base();
  hides_none.hides_arguments = false;
  EXPECT_EQ(wants_of("FROM base\nARG SRC=a\nCOPY $SRC /", on(hides_none, Builder::legacy)).doubts,
            Names{});
  EXPECT_EQ(wants_of("FROM base\nCOPY $SRC /", on(hides_none, Builder::legacy)).doubts,
            (Names{"$SRC comes from the base"}));
}

TEST(ContextSources, DoubtWhatIsMadeOfWhatIsUnknown) {
  const Asked asked = on(unknown_base());
  const Names doubt{"$DIR comes from the base"};
  EXPECT_EQ(wants_of("FROM base\nENV DIR=$ROOT/a\nCOPY $DIR /", asked).doubts, doubt);
  EXPECT_EQ(wants_of("FROM base\nENV ROOT=x DIR=$ROOT/a\nCOPY $DIR /", asked).doubts, doubt)
      << "of one line all see what was before it";
  EXPECT_EQ(wants_of("FROM base\nENV DIR=$ROOT/a\nARG DIR=b\nCOPY $DIR /", asked).doubts, Names{});
  EXPECT_EQ(wants_of("FROM base AS a\nENV DIR=$ROOT/a\nARG DIR=b\nFROM a\nENV DIR=$DIR\n"
                     "COPY $DIR /",
                     asked)
                .doubts,
            Names{})
      << "BuildKit hands on the argument";
}

TEST(ContextSources, DoubtMountsWithVariables) {
  const std::string recipe = "FROM scratch\nRUN --mount=source=$X,target=/x y";
  EXPECT_EQ(wants_of(recipe).doubts,
            (Names{"the source '$X' of a mount holds a variable, which not all builders expand"}));
  EXPECT_EQ(paths_of(recipe), Names{"/"}) << "it may see everything";
  const std::string kind = "FROM scratch\nARG T=bind\nRUN --mount=type=$T,source=a,target=/x y";
  EXPECT_EQ(wants_of(kind).doubts,
            (Names{"the type '$T' of a mount holds a variable, which not all builders expand"}));
  EXPECT_EQ(paths_of(kind), Names{"/"});
}

TEST(ContextSources, RunTheTriggersOfTheBase) {
  BaseFacts base = {};
  base.on_build = {"COPY conf /etc/", "ENV s=a", "RUN --mount=source=b,target=/x y"};
  EXPECT_EQ(paths_of("FROM base\nCOPY $s /", on(base)), (Names{"conf", "b", "a"}));
  EXPECT_EQ(paths_of("FROM scratch AS x\nONBUILD COPY a /\nFROM x\nCOPY b /"), (Names{"a", "b"}));
  base.on_build = {"COPY"};
  EXPECT_EQ(wants_of("FROM base", on(base)).doubts,
            (Names{"an ONBUILD trigger of the base cannot be read"}));
  base.triggers_known = false;
  base.on_build.clear();
  EXPECT_EQ(wants_of("FROM base", on(base)).doubts,
            (Names{"the ONBUILD triggers of the base are not known yet"}));
}

TEST(ContextSources, TakeWhatFrontEndsMayFetchWhereItIsThere) {
  const auto sources = wants_of("FROM scratch\nADD git@x.org:a.git b.git /x/").sources;
  ASSERT_EQ(sources.size(), 2U);
  EXPECT_TRUE(sources[0].optional);
  EXPECT_FALSE(sources[1].optional);
}

TEST(ContextSources, RefuseUrlsOfCopy) {
  EXPECT_EQ(message_of([] { wants_of("FROM scratch\nCOPY https://x.org/a /x"); }),
            "Dockerfile:2:6: COPY takes no URL, got 'https://x.org/a'\n"
            "COPY https://x.org/a /x\n     ^");
}

TEST(FactsOfResult, AreEnvironmentAndTriggersOfTheLastStage) {
  const Dockerfile file = read("FROM base AS a\nENV x=1 y=$z\nFROM a\nARG q=1\nONBUILD COPY a /\n");
  BaseFacts base = {};
  base.environment["z"] = "2";
  const BaseFacts facts = facts_of_result(file, needed_stages(file, ""), {}, Builder::buildkit,
                                          [&](const Stage&) { return base; });
  EXPECT_EQ(facts.environment, (Arguments{{"x", "1"}, {"y", "2"}, {"z", "2"}}));
  EXPECT_EQ(facts.on_build, (Names{"COPY a /"}));
  EXPECT_TRUE(facts.whole_environment);
  EXPECT_TRUE(facts.unknown.empty());
}

// A value that is made of what is not known is no value to stand on.
TEST(FactsOfResult, SayWhatIsNotKnown) {
  const Dockerfile file =
      read("FROM base\nENV a=$z b=2\nENV c=$a d=$b\nENV e=$z\nARG e=3\nENV f=$z\nENV f=4\n");
  const BaseFacts facts = facts_of_result(file, needed_stages(file, ""), {}, Builder::buildkit,
                                          [&](const Stage&) { return unknown_base(); });
  EXPECT_EQ(facts.unknown, (std::set<std::string>{"a", "c", "e"}));
  EXPECT_EQ(wants_of("FROM it\nCOPY $c/*.c $d /x/", on(facts)).doubts,
            (Names{"$c comes from the base"}));
}

}  // namespace
}  // namespace cairn::dockerfile
