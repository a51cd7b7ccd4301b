// SPDX-License-Identifier: BSD-3-Clause
#include "publish/doctor.hpp"

#include "publish_fixture.hpp"

namespace cairn::publish {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class DoctorTest : public PublishTest {
 protected:
  std::vector<std::string> findings() {
    family_.write();
    return told(description());
  }
  std::vector<std::string> told(const stack::ReleaseDescription& declared) {
    std::vector<std::string> all;
    for (const Finding& one : examine(declared, destination_, 1))
      all.push_back(plain(one.kind + " " + one.where + ": " + one.what + " [" + one.command + "]"));
    return all;
  }
};

TEST_F(DoctorTest, FindsNothingInAReleaseThatIsWhole) {
  publish();
  destination_.take_log();
  EXPECT_THAT(findings(), IsEmpty());
  for (const std::string& step : destination_.take_log())
    EXPECT_FALSE(step.starts_with("PUT")) << step;
}

TEST_F(DoctorTest, FindsThatNothingWasReleased) {
  EXPECT_THAT(findings(), ElementsAre("no-release memory/quay.io/me/base:cairn-release: nothing "
                                      "was released here yet [cairn release publish]"));
}

TEST_F(DoctorTest, FindsWhatIsHalfDone) {
  publish();
  become("2");
  fail_at("PUT quay.io/me/base:latest", Killed{});
  EXPECT_THROW(publish(), Killed);
  destination_.before = {};
  const std::string holder = entry()->document.holder, renewed = entry()->document.renewed;
  EXPECT_THAT(findings(),
              ElementsAre("torn-release memory/quay.io/me/base:cairn-release: release 'ID' is "
                          "under way: " +
                          holder + " moves its tags, last seen " + renewed +
                          " [wait for it; if it is dead: cairn release resume --take-over]"));
  let_expire();
  EXPECT_THAT(findings(),
              ElementsAre("torn-release memory/quay.io/me/base:cairn-release: release 'ID' was "
                          "left open by " +
                          holder + ", last seen " + renewed + " [cairn release resume]"));
}

TEST_F(DoctorTest, FindsTagsThatAreGoneAndThoseOfOthers) {
  publish();
  place_.tags.erase({"quay.io/me/web", "x86_64-latest"});
  place_.tags[{"quay.io/me/base", "latest"}] = family_.manifest("base").to_string();
  EXPECT_THAT(
      findings(),
      ElementsAre("missing-tag memory/quay.io/me/web:x86_64-latest: release 'ID' put 'sha256:…' "
                  "there, and the tag is gone [cairn release publish]",
                  "foreign-tag memory/quay.io/me/base:latest: it holds 'sha256:…', which is of "
                  "another release; release 'ID' put 'sha256:…' there [cairn release publish]",
                  "missing-platform memory/quay.io/me/base:latest: 'base' is promised for "
                  "linux/amd64, linux/arm64, and 'sha256:…' is not [cairn release publish]"));
}

TEST_F(DoctorTest, FindsWhatAnIndexNamesInVain) {
  publish();
  place_.documents.erase({"quay.io/me/web", family_.manifest("web", "linux/arm64").to_string()});
  EXPECT_THAT(findings(),
              ElementsAre("dangling-child memory/quay.io/me/web@sha256:…: 'sha256:…' names it, and "
                          "it is gone [cairn push web]"));
}

TEST_F(DoctorTest, FindsAPlatformThatWasPromisedSince) {
  publish();
  auto declared = description();
  declared.images.back().platforms.push_back(oci::Platform::parse("linux/arm/v7"));
  EXPECT_THAT(told(declared),
              ElementsAre("missing-platform memory/quay.io/me/web:latest: 'web' is promised for "
                          "linux/arm/v7, and 'sha256:…' is not [cairn release publish]"));
}

TEST_F(DoctorTest, FindsWhatWasNeverTested) {
  family_.image("web").tests = {};
  options_.gate.allow_untested = {"web"};
  publish();
  EXPECT_THAT(findings(),
              ElementsAre("untested-digest memory/quay.io/me/web@sha256:…: 'web' (linux/amd64): no "
                          "test was run [test it, then publish again: cairn release publish]",
                          "untested-digest memory/quay.io/me/web@sha256:…: 'web' (linux/arm64): no "
                          "test was run [test it, then publish again: cairn release publish]"));
}

TEST_F(DoctorTest, FindsAnImageOnAFormerParent) {
  publish();
  become("2");
  options_.gate.without = {"web"};
  publish();
  EXPECT_THAT(findings(),
              ElementsAre("stale-base memory/quay.io/me/web@sha256:…: 'web' stands on 'sha256:…', "
                          "and 'base' is 'sha256:…' by now [build and test it, then publish again: "
                          "cairn release publish]"));
}

TEST_F(DoctorTest, LooksAtWhatTheLastReleaseLeftOut) {
  publish();
  options_.gate.without = {"web"};
  become("2");
  publish();
  collect(*entry());
  become("1");
  place_.tags.erase({"quay.io/me/web", "aarch64-latest"});
  place_.tags[{"quay.io/me/web", "latest"}] = family_.manifest("web").to_string();
  destination_.take_log();
  const auto all = findings();
  EXPECT_EQ(std::vector<std::string>(all.begin(), all.end() - 1),
            std::vector<std::string>(
                {"missing-tag memory/quay.io/me/web:aarch64-latest: an earlier release put "
                 "'sha256:…' there, and the tag is gone [cairn release publish]",
                 "foreign-tag memory/quay.io/me/web:latest: it holds 'sha256:…'; an earlier "
                 "release put 'sha256:…' there [cairn release publish]",
                 "missing-platform memory/quay.io/me/web:latest: 'web' is promised for "
                 "linux/amd64, linux/arm64, and 'sha256:…' is not [cairn release publish]"}));
  EXPECT_TRUE(all.back().starts_with("stale-base memory/quay.io/me/web@"));
  std::map<std::string, int> asked;
  for (const std::string& step : destination_.take_log()) {
    if (step.starts_with("HEAD")) ++asked[step];
  }
  EXPECT_EQ(asked["HEAD quay.io/me/web:latest"], 1);
  for (const auto& [step, times] : asked)
    EXPECT_EQ(times, 1) << step;
}

TEST_F(DoctorTest, LooksAtWhatTheReleaseTakenBackLeftOut) {
  publish();
  options_.gate.without = {"web"};
  become("2");
  publish();
  cairn::publish::rollback(kRoot, destination_, options_);
  collect(*entry());
  become("1");
  EXPECT_THAT(findings(), IsEmpty());
  place_.tags.erase({"quay.io/me/web", "aarch64-latest"});
  place_.tags[{"quay.io/me/web", "latest"}] = family_.manifest("web").to_string();
  EXPECT_THAT(
      findings(),
      ElementsAre("missing-tag memory/quay.io/me/web:aarch64-latest: an earlier release put "
                  "'sha256:…' there, and the tag is gone [cairn release publish]",
                  "foreign-tag memory/quay.io/me/web:latest: it holds 'sha256:…'; an earlier "
                  "release put 'sha256:…' there [cairn release publish]",
                  "missing-platform memory/quay.io/me/web:latest: 'web' is promised for "
                  "linux/amd64, linux/arm64, and 'sha256:…' is not [cairn release publish]"));
}

TEST_F(DoctorTest, MissesNoTagThatAReleaseTakenBackNeverSet) {
  options_.gate.without = {"web"};
  publish();
  options_.gate.without.clear();
  family_.description["tags"] = {"latest", "stable"};
  destination_.before = [&](const std::string& step) {
    if (document().state != stack::ReleaseState::open) return;
    if (step.starts_with("PUT quay.io/me/")) throw Killed{};
  };
  EXPECT_THROW(publish(), Killed);
  destination_.before = {};
  let_expire();
  cairn::publish::rollback(kRoot, destination_, options_);
  EXPECT_THAT(document().carried.tags, IsEmpty());
  EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(DoctorTest, FindsWhatAnIndexOfAnImageLeftOutNamesInVain) {
  publish();
  const std::string child = family_.manifest("web", "linux/arm64").to_string();
  options_.gate.without = {"web"};
  family_.description["tags"] = {"latest", "stable"};
  publish();
  place_.documents.erase({"quay.io/me/web", child});
  EXPECT_THAT(findings(),
              ElementsAre("dangling-child memory/quay.io/me/web@sha256:…: 'sha256:…' names it, and "
                          "it is gone [cairn push web]"));
}

TEST_F(DoctorTest, KnowsTagsThatNoReleaseSetsAnyMore) {
  publish();
  const std::string child = family_.manifest("base").to_string();
  become("2");
  family_.image("base").probes.front().version = "3.12.0";
  publish();
  become("3");
  publish();
  collect(*entry());
  EXPECT_THAT(findings(), IsEmpty());
  place_.documents.erase({"quay.io/me/base", child});
  EXPECT_THAT(findings(),
              ElementsAre("dangling-child memory/quay.io/me/base@sha256:…: 'sha256:…', the former "
                          "tag 'python-3.11', names it, and it is gone [remove the tag by the "
                          "registry's own means, and never its digest]"));
  place_.tags[{"quay.io/me/base", "python-3.11"}] = tag("base", "latest");
  EXPECT_THAT(findings(),
              ElementsAre("foreign-tag memory/quay.io/me/base:python-3.11: it holds 'sha256:…'; an "
                          "earlier release put 'sha256:…' there, and none sets it any more "
                          "[remove the tag by the registry's own means, and never its digest]"));
  place_.tags.erase({"quay.io/me/base", "python-3.11"});
  EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(DoctorTest, FindsAnImageThatNoReleaseHad) {
  options_.gate.without = {"web"};
  publish();
  EXPECT_THAT(findings(),
              ElementsAre("missing-image memory/quay.io/me/web: 'web' is declared, and no release "
                          "document that is still there names it [cairn release publish]"));
}

TEST_F(DoctorTest, KnowsPinnedTagsByTheirForm) {
  publish();
  auto declared = description();
  declared.pinned = {"{date}", "{commit:12}"};
  declared.pinned_suffix = ".{n}";
  const std::string digest = tag("web", "latest");
  for (const char* name : {"2020-01-01", "x86_64-2020-01-01.2", "0123456789ab", "2020-1-1"})
    place_.tags[{"quay.io/me/web", name}] = digest;
  EXPECT_THAT(told(declared),
              ElementsAre("orphan-tag memory/quay.io/me/web:2020-1-1: no release document that is "
                          "still there names it [remove the tag by the registry's own means, and "
                          "never its digest]"));
}

TEST_F(DoctorTest, FindsTagsThatNobodyHerePutThere) {
  publish();
  const std::string digest = tag("web", "latest");
  family_.description["anchor_tags"] = {"staging-{date}"};
  place_.tags[{"quay.io/me/web", "mine"}] = digest;
  place_.tags[{"quay.io/me/web", "staging-2020-01-01"}] = digest;
  place_.tags[{"quay.io/me/web", "sha256-" + digest.substr(7) + ".sig"}] = digest;
  EXPECT_THAT(
      findings(),
      ElementsAre("orphan-tag memory/quay.io/me/web:mine: no release document that is still there "
                  "names it [remove the tag by the registry's own means, and never its digest]",
                  "staging-tag memory/quay.io/me/web:staging-2020-01-01: a staging tag, whose "
                  "release is over [remove the tag by the registry's own means, and never its "
                  "digest]"));
}

}  // namespace
}  // namespace cairn::publish
