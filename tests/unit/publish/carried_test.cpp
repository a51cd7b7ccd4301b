// SPDX-License-Identifier: BSD-3-Clause
//
// The newest release document alone knows what all releases have put there.
#include "publish/release_document.hpp"
#include "publish_fixture.hpp"

#include <algorithm>

namespace cairn::publish {
namespace {

using ::testing::IsEmpty;

class CarriedTest : public PublishTest {
 protected:
  CarriedTest() { family_.image("web").created = "2026-11-24T00:20:00Z"; }

  /// All older documents are gone by then.
  void publish_without_web(const std::string& content) {
    options_.gate.without = {"web"};
    become(content);
    publish();
    options_.gate.without.clear();
    collect(*entry());
  }
  void expect_withheld(const std::string& repository, const std::string& name) {
    const std::string before = tag(repository, name);
    const PublishReport report = publish();
    const auto planned = std::find_if(
        report.plan.tags.begin(), report.plan.tags.end(), [&](const stack::PlannedTag& one) {
          return one.wanted.full_name() == "quay.io/me/" + repository + ":" + name;
        });
    ASSERT_NE(planned, report.plan.tags.end());
    EXPECT_EQ(planned->action, stack::TagAction::withhold) << to_string(planned->action);
    EXPECT_EQ(tag(repository, name), before);
  }
  std::vector<std::string> carried() {
    std::vector<std::string> all;
    const auto written = document();
    for (const stack::DocumentTag& one : written.carried.tags)
      all.push_back(one.repository.substr(11) + ":" + one.tag);
    return all;
  }

  const std::vector<std::string> of_web_{"web:aarch64-latest", "web:latest", "web:x86_64-latest"};
};

TEST_F(CarriedTest, NoTagGoesBackAfterReleasesThatDidNotNameIt) {
  publish();
  publish_without_web("2");
  publish_without_web("3");
  EXPECT_THAT(carried(), ::testing::UnorderedElementsAreArray(of_web_));
  EXPECT_EQ(document().carried.images.size(), 1U);
  family_.image("web").created = "2026-11-23T00:20:00Z";
  expect_withheld("web", "latest");
  EXPECT_THAT(carried(), IsEmpty());
}

TEST_F(CarriedTest, NoTagGoesBackToAVersionThatWasAwayForSomeReleases) {
  publish();
  family_.image("base").probes.front().version = "3.12.0";
  for (const char* content : {"2", "3"}) {
    become(content);
    publish();
    collect(*entry());
  }
  become("4");
  family_.image("base").probes.front().version = "3.11.1";
  expect_withheld("base", "python-3.11");
}

TEST_F(CarriedTest, ARollbackKnowsWhatReleasesBeforeTheOneBeforeHavePutThere) {
  publish();
  const std::string first = tag("web", "latest");
  publish_without_web("2");
  become("3");
  family_.image("web").created = "2026-11-25T00:20:00Z";
  publish();
  collect(*entry());
  EXPECT_THAT(carried(), IsEmpty());
  cairn::publish::rollback(kRoot, destination_, options_);
  collect(*entry());
  EXPECT_EQ(tag("web", "latest"), first);
  const auto written = document();
  ASSERT_EQ(written.carried.images.size(), 1U);
  const stack::DocumentTag* latest = written.find_tag("quay.io/me/web", "latest");
  ASSERT_NE(latest, nullptr);
  EXPECT_EQ(latest->new_digest, first);
  EXPECT_EQ(written.carried.images.front().index_digest, first);
  family_.image("web").created = "2026-11-23T00:20:00Z";
  expect_withheld("web", "latest");
}

TEST_F(CarriedTest, ARollbackCarriesWhatTheReleaseThatItTakesBackCarried) {
  publish();
  publish_without_web("2");
  cairn::publish::rollback(kRoot, destination_, options_);
  collect(*entry());
  EXPECT_THAT(carried(), ::testing::UnorderedElementsAreArray(of_web_));
  family_.image("web").created = "2026-11-23T00:20:00Z";
  expect_withheld("web", "latest");
}

TEST_F(CarriedTest, WhoFinishesAReleaseMovesNothingThatItCarries) {
  publish();
  options_.gate.without = {"web"};
  become("2");
  fail_at("PUT quay.io/me/base:latest", Killed{});
  EXPECT_THROW(publish(), Killed);
  destination_.before = {};
  const std::string foreign = family_.manifest("base").to_string();
  place_.tags[{"quay.io/me/web", "latest"}] = foreign;
  let_expire();
  said_.clear();
  EXPECT_TRUE(cairn::publish::resume(kRoot, destination_, options_));
  EXPECT_EQ(tag("web", "latest"), foreign);
  EXPECT_EQ(said_.size(), 1U);
  EXPECT_THAT(carried(), ::testing::UnorderedElementsAreArray(of_web_));
}

TEST_F(CarriedTest, ALeaseUnderWhichNothingMovedLosesNothing) {
  publish();
  publish_without_web("2");
  options_.gate.without = {"web"};
  become("3");
  destination_.after = [&](const std::string& step) {
    if (step != "PUT quay.io/me/base:cairn-release") return;
    destination_.after = {};
    throw Killed{};
  };
  EXPECT_THROW(publish(), Killed);
  ASSERT_EQ(document().state, stack::ReleaseState::leased);
  options_.gate.without.clear();
  collect(*entry());
  let_expire();
  family_.image("web").created = "2026-11-23T00:20:00Z";
  expect_withheld("web", "latest");
}

TEST_F(CarriedTest, WhatSomebodyElseMovedMeanwhileIsKnownAsBefore) {
  publish();
  const std::string first = tag("base", "latest");
  become("2");
  options_.fresh = std::chrono::milliseconds(0);
  destination_.before = [&](const std::string& step) {
    if (step != "PUT quay.io/me/base:x86_64-latest") return;
    place_.tags[{"quay.io/me/base", "latest"}] = family_.manifest("base").to_string();
  };
  publish();
  const auto written = document();
  ASSERT_EQ(written.carried.tags.size(), 1U);
  EXPECT_EQ(written.carried.tags.front().tag, "latest");
  EXPECT_EQ(written.carried.tags.front().new_digest, first);
}

TEST_F(CarriedTest, ATagThatNobodyMayMoveKeepsItsOwnVersion) {
  publish();
  become("2");
  family_.image("base").probes.front().version = "3.11.5";
  place_.immutable.insert({"quay.io/me/base", "python-3.11"});
  publish();
  const auto written = document();
  const stack::DocumentTag* stays = written.find_tag("quay.io/me/base", "python-3.11");
  ASSERT_NE(stays, nullptr);
  EXPECT_EQ(stays->version, "3.11.2");
}

TEST_F(CarriedTest, TheOldestTagsThatNoPlanComparesAreGivenUpFirst) {
  JournalEntry before{oci::Digest::of("before"), {}};
  before.document.id = "before";
  const auto add = [&](const std::string& name, bool pinned, std::int64_t created) {
    const std::string digest = oci::Digest::of(name).to_string();
    stack::DocumentTag tag{"quay.io/me/base", name, "merged", "base", digest, digest, ""};
    tag.pinned = pinned;
    tag.created = created;
    before.document.carried.tags.push_back(tag);
  };
  for (int i = 0; i < 1000; ++i) {
    add("pinned-" + std::to_string(i), true, 1);
    add("full-" + std::to_string(i), false, 0);
  }
  for (int i = 0; i < 1000; ++i)
    add("other-" + std::to_string(i), false, 1);
  before.document.carried.tags.back().created = 0;
  before.document.carried.tags.back().version = "3.11";
  stack::ReleaseDocument made;
  made.state = stack::ReleaseState::open;
  keep_former(made, before);
  ASSERT_EQ(made.carried.tags.size(), 2000U);
  EXPECT_NE(made.find_tag("quay.io/me/base", "other-0"), nullptr);
  EXPECT_NE(made.find_tag("quay.io/me/base", "other-999"), nullptr);
  for (const std::string name : {"pinned-", "full-"}) {
    EXPECT_NE(made.find_tag("quay.io/me/base", name + "499"), nullptr);
    EXPECT_EQ(made.find_tag("quay.io/me/base", name + "500"), nullptr);
  }
  RecordProperty("bytes", static_cast<int>(made.to_text().size()));
  EXPECT_LE(made.to_text().size(), 500'000U);
}

}  // namespace
}  // namespace cairn::publish
