// SPDX-License-Identifier: BSD-3-Clause
#include "publish_fixture.hpp"

namespace cairn::publish {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RollbackTest : public PublishTest {
 protected:
  RollbackReport rollback() { return cairn::publish::rollback(kRoot, destination_, options_); }
};

TEST_F(RollbackTest, GivesEveryTagBackWhatItNamed) {
  publish();
  const auto before = tags();
  become("2");
  const PublishReport second = publish();
  const RollbackReport report = rollback();
  EXPECT_EQ(report.undoes, second.id);
  EXPECT_EQ(report.restored.size(), 9U);
  EXPECT_THAT(report.kept, IsEmpty());
  EXPECT_EQ(tags(), before);
  const auto document = entry()->document;
  EXPECT_EQ(document.kind, "rollback");
  EXPECT_EQ(document.undoes, second.id);
  EXPECT_EQ(document.state, stack::ReleaseState::closed);
  for (const stack::DocumentTag& one : document.tags)
    EXPECT_EQ(one.new_digest, before.at(one.repository + ":" + one.tag));
}

TEST_F(RollbackTest, KnowsTheVersionsOfWhatItPutBack) {
  publish();
  const std::string first = entry()->digest.to_string();
  become("2");
  family_.image("base").probes.front().version = "3.11.5";
  publish();
  collect(first);
  rollback();
  const auto written = document();
  for (const stack::DocumentTag& one : written.tags) {
    if (one.tag == "python-3.11") {
      EXPECT_EQ(one.version, "3.11.2");
    }
  }
}

TEST_F(RollbackTest, LeavesNewTagsAndThoseOfOthers) {
  publish();
  become("2");
  family_.description["tags"] = {"latest", "stable"};
  publish();
  const std::string foreign = family_.manifest("base").to_string();
  place_.tags[{"quay.io/me/base", "latest"}] = foreign;
  const RollbackReport report = rollback();
  EXPECT_THAT(report.foreign, ElementsAre("quay.io/me/base:latest"));
  EXPECT_EQ(report.kept.size(), 6U);
  EXPECT_EQ(report.restored.size(), 8U);
  EXPECT_EQ(tag("base", "latest"), foreign);
  EXPECT_NE(tag("base", "stable"), "");
}

TEST_F(RollbackTest, RefusesAllWhenOneCannotGoBack) {
  publish();
  const std::string child = family_.manifest("web", "linux/arm64").to_string();
  become("2");
  publish();
  const auto before = tags();
  place_.documents.erase({"quay.io/me/web", child});
  EXPECT_EQ(thrown_by([&] { rollback(); }),
            "release 'ID' cannot be taken back: what it replaced is gone from 'memory':\n"
            "'quay.io/me/web@sha256:…'\n"
            "hint: nothing has moved; publish again: cairn release publish");
  EXPECT_EQ(tags(), before);
}

TEST_F(RollbackTest, TakesBackWhatIsHalfDone) {
  publish();
  const auto before = tags();
  become("2");
  fail_at("PUT quay.io/me/base:latest", Killed{});
  EXPECT_THROW(publish(), Killed);
  EXPECT_NE(thrown_by([&] { rollback(); }), "nothing");
  let_expire();
  EXPECT_EQ(rollback().restored.size(), 7U);
  EXPECT_EQ(tags(), before);
}

TEST_F(RollbackTest, IsFinishedByOthersWhenItDies) {
  publish();
  const auto before = tags();
  become("2");
  publish();
  fail_at("PUT quay.io/me/base:x86_64-latest", Killed{});
  EXPECT_THROW(rollback(), Killed);
  destination_.before = {};
  let_expire();
  EXPECT_EQ(thrown_by([&] { rollback(); }),
            "release 'ID' is an unfinished rollback of 'ID' itself\n"
            "hint: finish it: cairn release resume");
  EXPECT_TRUE(cairn::publish::resume(kRoot, destination_, options_));
  EXPECT_EQ(tags(), before);
}

TEST_F(RollbackTest, IsNotTakenBackItself) {
  publish();
  become("2");
  publish();
  rollback();
  EXPECT_EQ(thrown_by([&] { rollback(); }),
            "release 'ID' is the rollback of 'ID' itself\n"
            "hint: publish again: cairn release publish");
}

TEST_F(RollbackTest, NeedsARelease) {
  EXPECT_EQ(thrown_by([&] { rollback(); }),
            "no release in 'memory/quay.io/me/base:cairn-release'\n"
            "hint: publish one: cairn release publish");
}

TEST_F(RollbackTest, OfAFirstReleaseWritesNothing) {
  publish();
  const auto before = entry()->digest;
  const RollbackReport report = rollback();
  EXPECT_EQ(report.id, "");
  EXPECT_EQ(report.kept.size(), 9U);
  EXPECT_EQ(entry()->digest, before);
}

TEST_F(RollbackTest, OfALayoutIsOneStep) {
  destination_.atomic = true;
  publish();
  const auto before = tags();
  become("2");
  publish();
  rollback();
  EXPECT_EQ(tags(), before);
}

TEST_F(RollbackTest, OfALayoutThatHasChangedMeanwhileTakesNothingBack) {
  destination_.atomic = true;
  publish();
  become("2");
  publish();
  destination_.before = [&](const std::string& step) {
    if (step != "PUT all") return;
    destination_.before = {};
    MemoryDestination other(place_);
    other.atomic = true;
    become("3");
    family_.write();
    cairn::publish::publish(description(), other, options_);
  };
  EXPECT_EQ(thrown_by([&] { rollback(); }),
            "somebody else has changed 'memory' meanwhile: nothing was taken back\n"
            "hint: run it again: it begins with what is there now");
  EXPECT_EQ(tag("base", "x86_64-latest"), family_.manifest("base").to_string());
  EXPECT_EQ(document().kind, "publish");
}

TEST_F(RollbackTest, LeavesTheWayOpenForTheNextRelease) {
  publish();
  become("2");
  publish();
  rollback();
  become("3");
  EXPECT_EQ(publish().moved, 9);
}

}  // namespace
}  // namespace cairn::publish
