// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/binding.hpp"

#include "base/file.hpp"
#include "fake_stack.hpp"
#include "oci/reference.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::stack {
namespace {

using cairn::testing::config_of;
using cairn::testing::FakeEngine;
using cairn::testing::FakeWorld;
using cairn::testing::image_of;
using cairn::testing::thrown_by;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kDigest =
    "sha256:1111111111111111111111111111111111111111111111111111111111111111";

class Binding : public ::testing::Test {
 protected:
  Binding() {
    image.stack = "family";
    image.target = "web";
    image.platform = oci::Platform::parse("linux/amd64");
    image.dockerfile = (folder_.path() / "Dockerfile").string();
    image.parents = {{"base", "/base", "quay.io/me/base", ""}};
    parent.stack = "family";
    parent.target = "base";
    parent.arch = "x86_64";
    give_parent(config_of({"l1"}));
  }

  void give_parent(const oci::ImageConfig& config) {
    parent.engine_id = world->hold(config);
    parent.config_digest = parent.engine_id;
    parent.identity = oci::content_identity(config);
    parent.bound_name = bound_name("family", "base", "x86_64", parent.identity);
  }
  /// The recipe as the engine gets it while its names are bound.
  std::string bind(const std::string& text) {
    write_file(image.dockerfile, text);
    if (text.find("quay.io/me/base") == std::string::npos) image.parents.clear();
    const Recipe recipe = read_recipe(image, {{"quay.io/me/base", "", "base"}});
    const Bindings bindings(engine, image, recipe, {parent},
                            [this](std::string_view piece) { log += piece; });
    names_while_bound.clear();
    for (const auto& [id, info] : world->images) {
      names_while_bound.insert(names_while_bound.end(), info.names.begin(), info.names.end());
    }
    externals = bindings.external_identities();
    return dockerfile::rewrite(recipe.file, bindings.replacements(recipe), recipe.needed, false,
                               true);
  }
  std::string refusal(const std::string& text) {
    return thrown_by([&] { bind(text); });
  }
  std::string own_name(int number, const oci::ImageConfig& config) const {
    return bound_name("family", "web-base" + std::to_string(number), "x86_64",
                      oci::content_identity(config));
  }

  std::shared_ptr<FakeWorld> world = std::make_shared<FakeWorld>();
  FakeEngine engine{world};
  BuildDescription image;
  ImageRecord parent;
  std::string log;
  BaseIdentities externals;
  std::vector<std::string> names_while_bound;

 private:
  TempDir folder_{"cairn-binding-test-"};
};

TEST(BoundName, SaysStackTargetMachineAndContent) {
  const std::string identity(64, 'a');
  EXPECT_EQ(bound_name("family", "base-notebook", "x86_64", identity),
            "cairn.invalid/family/base-notebook-amd64:" + std::string(32, 'a'));
  EXPECT_EQ(bound_name("family", "base", "aarch64", identity),
            "cairn.invalid/family/base-aarch64:" + std::string(32, 'a'));
}

TEST(BoundName, FitsTheGrammarWhateverTargetsAreCalled) {
  for (const char* odd : {"Web", "a_b", "a.b", "a--b", "-a", "a-", "a+b", "_", "ünï", "a/b"}) {
    const std::string name = bound_name("Stack_1", odd, "armv7", std::string(64, 'b'));
    EXPECT_EQ(oci::Reference::parse(name).to_string(), name) << odd;
  }
}

TEST(BoundName, KeepsTargetsApartThatDifferInWhatTheGrammarForbids) {
  const std::string identity(64, 'c');
  EXPECT_NE(bound_name("s", "a_b", "x86_64", identity), bound_name("s", "a.b", "x86_64", identity));
  EXPECT_NE(bound_name("s", "Web", "x86_64", identity), bound_name("s", "web", "x86_64", identity));
  EXPECT_NE(bound_name("s", "a_b", "x86_64", identity), bound_name("s", "axb", "x86_64", identity));
}

TEST_F(Binding, BindsEveryReferenceToAParent) {
  const std::string& name = parent.bound_name;
  EXPECT_EQ(bind("FROM quay.io/me/base AS a\n"
                 "RUN --mount=type=bind,from=quay.io/me/base,target=/x ls\n"
                 "FROM quay.io/me/base:latest\n"
                 "COPY --from=quay.io/me/base /a /b\n"
                 "COPY --from=a /c /d\n"),
            "FROM " + name + " AS a\nRUN --mount=type=bind,from=" + name + ",target=/x ls\nFROM " +
                name + "\nCOPY --from=" + name + " /a /b\nCOPY --from=a /c /d\n");
  EXPECT_THAT(names_while_bound, ElementsAre(name));
  EXPECT_EQ(world->id_of(name), parent.engine_id);  // it stays: children need it again
  EXPECT_THAT(externals, IsEmpty());
}

TEST_F(Binding, TakesABoundNameBackThatStandsElsewhere) {
  world->hold(config_of({"other"}), {parent.bound_name});
  bind("FROM quay.io/me/base\n");
  EXPECT_EQ(world->id_of(parent.bound_name), parent.engine_id);
}

TEST_F(Binding, RefusesAParentThatIsGone) {
  world->images.clear();
  EXPECT_EQ(refusal("FROM quay.io/me/base\n"),
            "parent 'base' of 'web' is gone from the engine\n"
            "hint: build again: the next scan notices it");
}

TEST_F(Binding, RefusesAParentThatIsNotWhatItsRecordSays) {
  const std::string text = "parent 'base' of 'web' is not the image its record says: '" +
                           parent.engine_id + "'\nhint: build it anew: cairn build --force base";
  world->images.begin()->second.config_digest = kDigest;
  EXPECT_EQ(refusal("FROM quay.io/me/base\n"), text);
  world->images.begin()->second.config_digest = parent.config_digest;
  parent.identity = std::string(64, '0');
  EXPECT_EQ(refusal("FROM quay.io/me/base\n"), text);
}

TEST_F(Binding, GivesAnExternalBaseANameForThisBuildOnly) {
  const oci::ImageConfig debian = config_of({"d1"});
  const std::string id = world->hold(debian, {"docker.io/library/debian:12"});
  const std::string name = own_name(0, debian);
  EXPECT_EQ(bind("FROM debian:12\n"), "FROM " + name + "\n");
  EXPECT_THAT(names_while_bound, ElementsAre("docker.io/library/debian:12", name));
  EXPECT_EQ(world->id_of(name), "");
  EXPECT_EQ(world->id_of("docker.io/library/debian:12"), id);
  EXPECT_EQ(externals,
            (BaseIdentities{{"docker.io/library/debian:12", oci::content_identity(debian)}}));
  EXPECT_EQ(log, "");
}

TEST_F(Binding, PullsABaseThatIsNotThereAndSaysSo) {
  const oci::ImageConfig debian = config_of({"d1"});
  world->to_pull["docker.io/library/debian:latest"] = image_of(debian);
  EXPECT_EQ(bind("FROM debian\n"), "FROM " + own_name(0, debian) + "\n");
  EXPECT_THAT(world->calls_of("pull"),
              ElementsAre("pull docker.io/library/debian:latest linux/amd64"));
  EXPECT_EQ(log, "cairn: pulling 'docker.io/library/debian' for linux/amd64\npulled\n");
}

TEST_F(Binding, PullsWhatIsPinnedByItsDigest) {
  const std::string reference = std::string("docker.io/library/debian@") + kDigest;
  world->to_pull[reference] = image_of(config_of({"d1"}));
  bind("FROM debian@" + std::string(kDigest) + "\n");
  EXPECT_THAT(world->calls_of("pull"), ElementsAre("pull " + reference + " linux/amd64"));
  EXPECT_EQ(externals, (BaseIdentities{{reference, kDigest}}));
}

TEST_F(Binding, SaysWhenAPullBringsNothing) {
  EXPECT_EQ(refusal("FROM debian:12\n"),
            "'docker.io/library/debian:12' was pulled, but the engine does not have it");
}

TEST_F(Binding, RefusesABaseOfAnotherPlatform) {
  world->hold(config_of({"d1"}, "linux/arm64"), {"docker.io/library/debian:12"});
  EXPECT_EQ(refusal("FROM debian:12\n"),
            "base 'docker.io/library/debian:12' is for linux/arm64, but image 'web' is for "
            "linux/amd64\nhint: have it for linux/amd64 in the engine, or take that platform out "
            "of PLATFORMS");
  EXPECT_THAT(world->calls_of("tag"), IsEmpty());
}

TEST_F(Binding, RefusesAPinnedBaseOfOnePlatform) {
  const std::string reference = std::string("docker.io/library/debian@") + kDigest;
  world->hold(config_of({"d1"}, "linux/arm64"), {reference});
  EXPECT_EQ(refusal("FROM debian@" + std::string(kDigest) + "\n"),
            "base '" + reference +
                "' is for linux/arm64, but image 'web' is for linux/amd64\nhint: a digest of one "
                "platform's manifest serves that platform only: pin the digest of the index");
}

TEST_F(Binding, TakesTheNamesOfAFailedBindingAway) {
  world->hold(config_of({"d1"}), {"docker.io/library/debian:12"});
  EXPECT_NE(refusal("FROM debian:12 AS a\nFROM debian:13\nCOPY --from=a /x /\n"), "nothing");
  EXPECT_EQ(world->calls_of("tag").size(), 1U);
  EXPECT_THAT(world->calls_of("untag"), ElementsAre("untag " + own_name(0, config_of({"d1"}))));
}

TEST_F(Binding, EndsQuietlyWhenTheEngineCannotTakeItsNamesAway) {
  world->hold(config_of({"d1"}), {"docker.io/library/debian:12"});
  world->refuses["untag"] = "no";
  EXPECT_EQ(refusal("FROM debian:12\n"), "nothing");
}

oci::ImageConfig with_trigger(const std::string& trigger) {
  oci::ImageConfig config = config_of({"d1"});
  config.on_build = {"RUN true", trigger};
  return config;
}

TEST_F(Binding, RefusesTriggersThatNameAnImage) {
  for (const char* trigger : {"COPY --from=quay.io/you/x /a /b", "COPY --chown=1 --from=x /a /b",
                              "RUN --mount=type=bind,from=x,target=/x ls"}) {
    world->images.clear();
    world->hold(with_trigger(trigger), {"docker.io/library/debian:12"});
    EXPECT_EQ(refusal("FROM debian:12\n"),
              std::string("base 'docker.io/library/debian:12' has ONBUILD ") + trigger +
                  ": it names an image that cannot be bound to a local one\nhint: build on an "
                  "image without that trigger, or write its step into the recipe");
  }
}

TEST_F(Binding, TakesTriggersThatNameNone) {
  for (const char* trigger :
       {"COPY . /app", "RUN --mount=type=cache,target=/root/.cache pip download --from=x",
        "RUN tool --mount=from=x", "RUN echo from=x"}) {
    world->images.clear();
    world->hold(with_trigger(trigger), {"docker.io/library/debian:12"});
    EXPECT_EQ(refusal("FROM debian:12\n"), "nothing") << trigger;
  }
}

TEST_F(Binding, TriggersDoNotActInWhatOnlyCopies) {
  give_parent(with_trigger("COPY --from=x /a /b"));
  EXPECT_EQ(refusal("FROM scratch\nCOPY --from=quay.io/me/base /a /\n"), "nothing");
  EXPECT_EQ(refusal("FROM quay.io/me/base\n"),
            "base 'base' has ONBUILD COPY --from=x /a /b: it names an image that cannot be bound "
            "to a local one\nhint: build on an image without that trigger, or write its step into "
            "the recipe");
}

}  // namespace
}  // namespace cairn::stack
