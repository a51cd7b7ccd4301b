// SPDX-License-Identifier: BSD-3-Clause
#include "publish_fixture.hpp"

namespace cairn::publish {
namespace {

class ResumeTest : public PublishTest {
 protected:
  /// Publishes generation 1, and 2 as far as `step`.
  void die_at(const std::string& step) {
    publish();
    become("2");
    fail_at(step, Killed{});
    EXPECT_THROW(publish(), Killed);
    destination_.before = {};
  }
  /// The registry has collected all of one repository but its tags.
  void lose_web() {
    const auto is_web = [](const auto& one) { return one.first.first == "quay.io/me/web"; };
    std::erase_if(place_.documents, is_web);
    std::erase_if(place_.blobs, is_web);
  }
  std::optional<std::string> resume() {
    return cairn::publish::resume(kRoot, destination_, options_);
  }
};

TEST_F(ResumeTest, DoesNothingWhereNothingIsOpen) {
  EXPECT_EQ(resume(), std::nullopt);
  publish();
  EXPECT_EQ(resume(), std::nullopt);
}

TEST_F(ResumeTest, MovesWhatHasNotMovedFromTheRegistryAlone) {
  die_at("PUT quay.io/me/base:python-3.11");
  const std::string id = entry()->document.id;
  let_expire();
  EXPECT_EQ(resume(), id);
  const auto document = entry()->document;
  EXPECT_EQ(document.state, stack::ReleaseState::closed);
  EXPECT_EQ(document.tags.size(), 9U);
  for (const stack::DocumentTag& one : document.tags)
    EXPECT_EQ(tags().at(one.repository + ":" + one.tag), one.new_digest);
}

TEST_F(ResumeTest, WaitsForAHolderThatMayBeAlive) {
  die_at("PUT quay.io/me/base:python-3.11");
  const auto before = tags();
  EXPECT_NE(thrown_by([&] { resume(); }), "nothing");
  EXPECT_EQ(tags(), before);
  options_.lease.take_over = true;
  EXPECT_EQ(resume(), entry()->document.id);
}

TEST_F(ResumeTest, LeavesWhatSomebodyElseHasMoved) {
  die_at("PUT quay.io/me/base:python-3.11");
  const std::string foreign = family_.manifest("web").to_string();
  place_.tags[{"quay.io/me/web", "latest"}] = foreign;
  let_expire();
  const std::string id = entry()->document.id;
  said_.clear();
  resume();
  EXPECT_EQ(tag("web", "latest"), foreign);
  EXPECT_THAT(said_, ::testing::Contains("'quay.io/me/web:latest' was moved by somebody else while "
                                         "release '" +
                                         id + "' was open: it stays"));
  EXPECT_EQ(entry()->document.tags.size(), 8U);
}

TEST_F(ResumeTest, PutsAgainWhatWasCollected) {
  die_at("PUT quay.io/me/base:python-3.11");
  std::string index;
  const auto written = document();
  for (const stack::DocumentTag& one : written.tags) {
    if (one.repository == "quay.io/me/web" && one.tag == "latest") index = one.new_digest;
  }
  place_.documents.erase({"quay.io/me/web", index});
  place_.documents.erase({"quay.io/me/web", family_.manifest("web").to_string()});
  let_expire();
  EXPECT_TRUE(resume());
  EXPECT_EQ(tag("web", "latest"), index);
}

TEST_F(ResumeTest, SaysWhatIsGoneForGood) {
  die_at("PUT quay.io/me/base:python-3.11");
  place_.documents.erase({"quay.io/me/web", family_.manifest("web").to_string()});
  std::erase_if(place_.blobs, [](const auto& one) { return one.first.first == "quay.io/me/web"; });
  let_expire();
  EXPECT_EQ(thrown_by([&] { resume(); }),
            "release 'ID' cannot be finished: 'sha256:…' is gone from the destination\n"
            "hint: take it back: cairn release rollback");
}

// Whoever publishes the next release may have what the registry has lost.
TEST_F(ResumeTest, APublishFinishesWithWhatItsStoreHas) {
  die_at("PUT quay.io/me/base:python-3.11");
  lose_web();
  const std::string id = entry()->document.id;
  let_expire();
  EXPECT_EQ(publish().finished, id);
  EXPECT_EQ(document().state, stack::ReleaseState::closed);
}

TEST_F(ResumeTest, AReleaseCanBeGivenUpAsItStands) {
  die_at("PUT quay.io/me/base:python-3.11");
  const auto before = tags();
  const auto open = document();
  let_expire();
  const auto stayed = abandon(kRoot, destination_, open.id, options_);
  EXPECT_FALSE(stayed.empty());
  EXPECT_EQ(tags(), before);
  const auto closed = document();
  EXPECT_EQ(closed.state, stack::ReleaseState::closed);
  for (const stack::DocumentTag& one : closed.tags)
    EXPECT_EQ(before.at(one.repository + ":" + one.tag), one.new_digest) << one.tag;
  // The next one begins with that: what had not moved is older, and known to be.
  EXPECT_EQ(publish().moved, static_cast<int>(stayed.size()));
}

TEST_F(ResumeTest, OnlyTheOpenReleaseIsGivenUp) {
  publish();
  EXPECT_EQ(thrown_by([&] { abandon(kRoot, destination_, "another", options_); }),
            "release 'another' is not open in 'memory'\nhint: nothing has to be given up");
  become("2");
  fail_at("PUT quay.io/me/base:python-3.11", Killed{});
  EXPECT_THROW(publish(), Killed);
  destination_.before = {};
  const std::string open = document().id;
  EXPECT_EQ(thrown_by([&] { abandon(kRoot, destination_, "another", options_); }),
            "release 'another' is not open in 'memory'\nhint: the one that is: 'ID'");
  EXPECT_NE(thrown_by([&] { abandon(kRoot, destination_, open, options_); }), "nothing")
      << "its holder may be alive";
}

TEST_F(ResumeTest, ARollbackThatCannotBeFinishedHasAWayOut) {
  publish();
  become("2");
  publish();
  fail_at("PUT quay.io/me/base:python-3.11", Killed{});
  EXPECT_THROW(rollback(kRoot, destination_, options_), Killed);
  destination_.before = {};
  const auto open = document();
  lose_web();
  let_expire();
  EXPECT_EQ(thrown_by([&] { resume(); }),
            "release 'ID' cannot be finished: 'sha256:…' is gone from the destination\n"
            "hint: give it up as it stands: cairn release resume --abandon ID");
  abandon(kRoot, destination_, open.id, options_);
  EXPECT_EQ(resume(), std::nullopt);
}

TEST_F(ResumeTest, IsNoMatterForALeaseAlone) {
  int writes = 0;
  publish();
  become("2");
  destination_.before = [&](const std::string& step) {
    if (step == "PUT quay.io/me/base:cairn-release" && ++writes == 2) throw Killed{};
  };
  EXPECT_THROW(publish(), Killed);
  destination_.before = {};
  const std::string holder = document().holder, id = document().id;
  EXPECT_EQ(thrown_by([&] { resume(); }),
            plain("'memory/quay.io/me/base:cairn-release' is held by '" + holder +
                  "', which is about to begin release 'ID' of 'family' and was heard 0 s ago\n"
                  "hint: wait until it has ended; if it is dead, anyone may go on in 300 s, or at "
                  "once: cairn release resume --take-over"));
  options_.lease.take_over = true;
  EXPECT_EQ(resume(), std::nullopt);
  EXPECT_EQ(said_.back(), "took the lease in 'memory' from " + holder + ": release '" + id +
                              "' has moved no tag");
  options_.lease.take_over = false;
  EXPECT_EQ(resume(), std::nullopt);
  EXPECT_EQ(publish().moved, 9);
}

}  // namespace
}  // namespace cairn::publish
