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
