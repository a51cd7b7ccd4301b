// SPDX-License-Identifier: BSD-3-Clause
#include "base/file.hpp"
#include "publish_fixture.hpp"

#include <algorithm>
#include <thread>

namespace cairn::publish {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

std::size_t count(const std::vector<std::string>& log, const std::string& beginning) {
  return static_cast<std::size_t>(
      std::count_if(log.begin(), log.end(),
                    [&](const std::string& step) { return step.starts_with(beginning); }));
}

bool is_tag_put(const std::string& step) {
  return step.starts_with("PUT quay.io") && step.find('@') == std::string::npos &&
         !step.ends_with(kReleaseTag);
}

TEST_F(PublishTest, SetsEveryTagOfAnEmptyRegistry) {
  const PublishReport report = publish();
  EXPECT_EQ(report.moved, 9);
  std::vector<std::string> names;
  for (const auto& [name, digest] : tags()) {
    names.push_back(name);
    std::string why;
    EXPECT_TRUE(place_.is_whole(name.substr(0, name.rfind(':')), digest, why)) << why;
  }
  EXPECT_THAT(names,
              ElementsAre("quay.io/me/base:aarch64-latest", "quay.io/me/base:aarch64-python-3.11",
                          "quay.io/me/base:latest", "quay.io/me/base:python-3.11",
                          "quay.io/me/base:x86_64-latest", "quay.io/me/base:x86_64-python-3.11",
                          "quay.io/me/web:aarch64-latest", "quay.io/me/web:latest",
                          "quay.io/me/web:x86_64-latest"));
  const auto document = entry()->document;
  EXPECT_EQ(document.id, report.id);
  EXPECT_EQ(document.state, stack::ReleaseState::closed);
  EXPECT_EQ(document.tags.size(), 9U);
  EXPECT_EQ(document.images.size(), 2U);
  EXPECT_EQ(tag("base", "x86_64-latest"), family_.manifest("base").to_string());
}

TEST_F(PublishTest, MovesInTheOrderOfTheirKinds) {
  publish();
  std::vector<std::string> moved;
  for (const std::string& step : destination_.take_log()) {
    if (is_tag_put(step)) moved.push_back(step.substr(4));
  }
  EXPECT_THAT(moved,
              ElementsAre("quay.io/me/base:x86_64-latest", "quay.io/me/base:x86_64-python-3.11",
                          "quay.io/me/base:aarch64-latest", "quay.io/me/base:aarch64-python-3.11",
                          "quay.io/me/web:x86_64-latest", "quay.io/me/web:aarch64-latest",
                          "quay.io/me/base:python-3.11", "quay.io/me/base:latest",
                          "quay.io/me/web:latest"));
}

TEST_F(PublishTest, WritesNothingWhenNothingIsNew) {
  publish();
  const auto before = entry()->digest;
  destination_.take_log();
  const PublishReport report = publish();
  EXPECT_EQ(report.id, "");
  EXPECT_EQ(report.moved, 0);
  const auto log = destination_.take_log();
  EXPECT_EQ(count(log, "PUT"), 0U);
  // Nine tags, two indexes, four manifests; and the release document: its manifest and its blob.
  EXPECT_EQ(count(log, "HEAD"), 15U);
  EXPECT_EQ(count(log, "GET"), 2U);
  EXPECT_EQ(count(log, "LIST"), 0U);
  EXPECT_EQ(entry()->digest, before);
}

TEST_F(PublishTest, AsksNothingTwice) {
  publish();
  place_.tags.clear();
  destination_.take_log();
  publish();
  std::map<std::string, int> asked;
  for (const std::string& step : destination_.take_log()) {
    if (step.find(kReleaseTag) == std::string::npos) ++asked[step];
  }
  for (const auto& [step, times] : asked)
    EXPECT_LE(times, 2) << step;  // a blob of a document is looked for and put
  EXPECT_EQ(asked["HEAD quay.io/me/base:latest"], 1);
  EXPECT_EQ(asked["LIST quay.io/me/base"], 1);
}

TEST_F(PublishTest, ADryRunMovesNothing) {
  family_.write();
  options_.dry_run = true;
  const PublishReport report = cairn::publish::publish(description(), destination_, options_);
  EXPECT_THAT(report.plan_text, Not(IsEmpty()));
  EXPECT_EQ(report.plan.tags.size(), 9U);
  EXPECT_EQ(count(destination_.take_log(), "PUT"), 0U);
  EXPECT_THAT(tags(), IsEmpty());
}

TEST_F(PublishTest, HasTheDocumentInPlaceBeforeTheFirstTagMoves) {
  publish();
  become("2");
  bool seen = false;
  destination_.before = [&](const std::string& step) {
    if (seen || !is_tag_put(step)) return;
    seen = true;
    const auto open = entry()->document;
    EXPECT_EQ(open.state, stack::ReleaseState::open);
    for (const stack::DocumentTag& one : open.tags) {
      EXPECT_TRUE(one.moves);
      EXPECT_EQ(one.old_digest, tags().at(one.repository + ":" + one.tag));
      EXPECT_TRUE(open.documents.contains(one.old_digest));
      EXPECT_TRUE(open.documents.contains(one.new_digest));
    }
  };
  publish();
  EXPECT_TRUE(seen);
}

TEST_F(PublishTest, TakesFormerBytesFromTheDocumentBefore) {
  publish();
  become("2");
  destination_.take_log();
  publish();
  EXPECT_EQ(count(destination_.take_log(), "GET quay.io/me/web"), 0U);
}

TEST_F(PublishTest, LeavesAPinnedTagThatItsRegistryLetsNobodyMove) {
  publish();
  become("2");
  place_.immutable.insert({"quay.io/me/base", "python-3.11"});
  const std::string before = tag("base", "python-3.11");
  const PublishReport report = publish();
  EXPECT_THAT(report.refused, ElementsAre("quay.io/me/base:python-3.11"));
  EXPECT_EQ(report.moved, 8);
  EXPECT_EQ(tag("base", "python-3.11"), before);
  EXPECT_THAT(said_, ::testing::Contains(
                         "'memory' lets nobody move 'quay.io/me/base:python-3.11': it stays"));
  const auto written = document();
  for (const stack::DocumentTag& one : written.tags) {
    if (one.tag == "python-3.11") {
      EXPECT_FALSE(one.moves);
      EXPECT_EQ(one.new_digest, before);
    }
  }
}

TEST_F(PublishTest, AdoptsWhatSomebodyElsePutThere) {
  publish();
  const std::string foreign = tag("web", "latest");
  place_.tags.erase({kRoot, kReleaseTag});
  become("2");
  const PublishReport report = publish();
  for (const stack::PlannedTag& one : report.plan.tags)
    EXPECT_EQ(one.action, stack::TagAction::adopt) << one.wanted.tag;
  const auto document = entry()->document;
  EXPECT_EQ(document.tags.back().old_digest, foreign);
  EXPECT_TRUE(document.documents.contains(foreign));
}

TEST_F(PublishTest, LeavesWhatSomebodyElseMovedMeanwhile) {
  publish();
  const std::string foreign = tag("base", "latest");
  become("2");
  options_.fresh = std::chrono::milliseconds(0);
  destination_.before = [&](const std::string& step) {
    if (step != "PUT quay.io/me/base:x86_64-latest") return;
    place_.tags[{"quay.io/me/base", "latest"}] = family_.manifest("base").to_string();
  };
  const PublishReport report = publish();
  EXPECT_THAT(report.foreign, ElementsAre("quay.io/me/base:latest"));
  EXPECT_EQ(report.moved, 8);
  EXPECT_NE(tag("base", "latest"), foreign);
}

TEST_F(PublishTest, PushesAgainWhatWasCollectedMeanwhile) {
  family_.description["arch_tags"] = false;  // whose moves would put the manifests there again
  options_.fresh = std::chrono::milliseconds(0);
  destination_.after = [&](const std::string& step) {
    if (step != "PUT quay.io/me/base:cairn-release") return;
    destination_.after = {};
    const std::lock_guard guard(place_.mutex);
    std::erase_if(place_.documents,
                  [](const auto& one) { return one.first.first == "quay.io/me/web"; });
  };
  EXPECT_EQ(publish().moved, 3);
}

TEST_F(PublishTest, LosesTheLeaseAndMovesNothingMore) {
  publish();
  become("2");
  options_.lease.ttl = std::chrono::seconds(0);
  std::vector<std::string> moved;
  destination_.after = [&](const std::string& step) {
    if (!is_tag_put(step)) return;
    moved.push_back(step);
    if (moved.size() != 1) return;
    auto other = entry()->document;
    other.holder = "somebody else";
    MemoryDestination quiet(place_);
    Journal(quiet, kRoot).write(other);
  };
  options_.at_once = 4;
  EXPECT_NE(thrown_by([&] { publish(); }), "nothing");
  EXPECT_EQ(moved.size(), 1U);  // and none of those that went out beside it
}

TEST_F(PublishTest, LooksAgainAtABatchInWhichItsTimeRanOut) {
  publish();
  const std::string foreign = tag("base", "latest");
  become("2");
  options_.at_once = 9;
  options_.lease.ttl = std::chrono::seconds(1);
  destination_.after = [&](const std::string& step) {
    if (!step.starts_with("PUT quay.io/me/web:") || !is_tag_put(step)) return;
    destination_.after = {};
    // It stands still; its lease is given to somebody else and given back.
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    const std::lock_guard guard(place_.mutex);
    place_.now += 5;
    place_.tags[{"quay.io/me/web", "latest"}] = family_.manifest("web").to_string();
  };
  const PublishReport report = publish();
  EXPECT_THAT(report.foreign, ElementsAre("quay.io/me/web:latest"));
  EXPECT_EQ(report.moved, 8);  // those that had gone out before it stood still, too
  EXPECT_NE(tag("base", "latest"), foreign);
}

/// Notes how many tags, and of which kinds, are set at once.
class BatchDestination : public MemoryDestination {
 public:
  using MemoryDestination::MemoryDestination;
  using MemoryDestination::put_tags;
  void put_tags(const std::vector<TagPut>& batch,
                const std::function<void()>& before_each) override {
    std::string kinds;
    for (const TagPut& put : batch)
      kinds += oci::is_index_type(put.media_type) ? 'i' : 'm';
    if (batch.front().tag != kReleaseTag) batches.push_back(kinds);
    MemoryDestination::put_tags(batch, before_each);
  }
  std::vector<std::string> batches;
};

TEST_F(PublishTest, SetsNoMoreTagsAtOnceThanRequestsAndNoIndexBesideManifests) {
  options_.at_once = 4;
  family_.write();
  BatchDestination destination(place_);
  EXPECT_EQ(cairn::publish::publish(description(), destination, options_).moved, 9);
  EXPECT_THAT(destination.batches, ElementsAre("mmmm", "mm", "iii"));
}

TEST_F(PublishTest, SetsAllTagsOfALayoutInOneStep) {
  destination_.atomic = true;
  EXPECT_EQ(publish().moved, 9);
  become("2");
  destination_.take_log();
  EXPECT_EQ(publish().moved, 9);
  EXPECT_EQ(count(destination_.take_log(), "PUT all"), 1U);
  EXPECT_EQ(entry()->document.state, stack::ReleaseState::closed);
}

TEST_F(PublishTest, PlansAgainWhenALayoutHasChangedMeanwhile) {
  destination_.atomic = true;
  publish();
  become("2");
  const std::string foreign = tag("base", "x86_64-latest");
  destination_.before = [&](const std::string& step) {
    if (step != "PUT all") return;
    destination_.before = {};
    place_.tags[{"quay.io/me/base", "latest"}] = foreign;
  };
  destination_.take_log();
  EXPECT_EQ(publish().moved, 9);
  EXPECT_EQ(count(destination_.take_log(), "PUT all"), 2U);
  EXPECT_THAT(said_, ::testing::Contains("another release came to 'memory' meanwhile: planning "
                                         "again"));
  const auto written = document();
  for (const stack::DocumentTag& one : written.tags) {
    if (one.repository == kRoot && one.tag == "latest") {
      EXPECT_EQ(one.old_digest, foreign);
    }
  }
}

TEST_F(PublishTest, NamesTheImageWhoseBlobsAreNowhere) {
  family_.write();
  const auto manifest = family_.manifest("web", "linux/arm64");
  std::filesystem::remove(family_.store() / "oci/blobs/sha256" / manifest.hex());
  const std::string store = family_.store().string();
  EXPECT_EQ(thrown_by([&] { cairn::publish::publish(description(), destination_, options_); }),
            "'web' (linux/arm64): neither 'memory' nor the store '" + store +
                "' has 'sha256:…'\n"
                "hint: bring the store of the machine that exported it, or push from there: "
                "cairn push web");
  EXPECT_THAT(tags(), IsEmpty());
}

TEST_F(PublishTest, HoldsWhatWasPushedByStagingTags) {
  family_.description["anchor_tags"] = {"staging-{date}"};
  publish();
  EXPECT_EQ(tag("web", "staging-2026-09-21"), tag("web", "latest"));
}

TEST_F(PublishTest, KeepsACopyOfTheDocument) {
  const PublishReport report = publish();
  const auto text = read_file(family_.store() / "releases/family" / (report.id + ".json"));
  EXPECT_EQ(text, entry()->document.to_text());
}

}  // namespace
}  // namespace cairn::publish
