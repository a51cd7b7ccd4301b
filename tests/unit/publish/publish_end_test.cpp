// SPDX-License-Identifier: BSD-3-Clause
//
// A publish that ends before it is done, and the one that comes after it.
#include "publish_fixture.hpp"

#include <utility>

namespace cairn::publish {
namespace {

TEST_F(PublishTest, StopsWhereSomebodyElseIsAtWork) {
  publish();
  become("2");
  fail_at("PUT quay.io/me/base:latest", Killed{});
  EXPECT_THROW(publish(), Killed);
  const auto before = tags();
  EXPECT_THAT(thrown_by([&] { publish(); }), ::testing::HasSubstr("ID"));
  EXPECT_EQ(tags(), before);
}

TEST_F(PublishTest, FinishesWhatAnotherLeftHalfDoneFirst) {
  publish();
  become("2");
  fail_at("PUT quay.io/me/base:latest", Killed{});
  EXPECT_THROW(publish(), Killed);
  const std::string second = entry()->document.id;
  let_expire();
  become("3");
  const PublishReport report = publish();
  EXPECT_EQ(report.finished, second);
  EXPECT_EQ(report.moved, 9);
  const auto third = entry();
  ASSERT_EQ(third->document.state, stack::ReleaseState::closed);
  MemoryDestination quiet(place_);
  Journal journal(quiet, kRoot);
  const auto before = journal.read(oci::Digest::parse(third->document.previous));
  EXPECT_EQ(before->document.id, second);
  EXPECT_EQ(before->document.state, stack::ReleaseState::closed);
}

TEST_F(PublishTest, TakesOverALeaseUnderWhichNothingMoved) {
  publish();
  const std::string first = entry()->digest.to_string();
  become("2");
  int writes = 0;
  destination_.before = [&](const std::string& step) {
    if (step == "PUT quay.io/me/base:cairn-release" && ++writes == 2) throw Killed{};
  };
  EXPECT_THROW(publish(), Killed);
  EXPECT_EQ(entry()->document.state, stack::ReleaseState::leased);
  destination_.before = {};
  let_expire();
  const PublishReport report = publish();
  EXPECT_EQ(report.finished, "");
  EXPECT_EQ(report.moved, 9);
  EXPECT_EQ(entry()->document.previous, first);
}

TEST_F(PublishTest, KnowsWhatWasThereWhenARegistryHasCollectedTheFormerDocument) {
  publish();
  const auto before = tags();
  const std::string first = entry()->digest.to_string();
  become("2");
  for (int deaths = 0; deaths < 2; ++deaths) {
    int writes = 0;
    destination_.before = [&](const std::string& step) {
      if (step == "PUT quay.io/me/base:cairn-release" && ++writes == 2) throw Killed{};
    };
    EXPECT_THROW(publish(), Killed);
    destination_.before = {};
    collect(first);
    let_expire();
  }
  const PublishReport report = publish();
  EXPECT_EQ(report.moved, 9);
  for (const stack::PlannedTag& one : report.plan.tags)
    EXPECT_NE(one.action, stack::TagAction::adopt) << one.wanted.tag;
  EXPECT_EQ(entry()->document.previous, first);
  EXPECT_EQ(cairn::publish::rollback(kRoot, destination_, options_).restored.size(), 9U);
  EXPECT_EQ(tags(), before);
}

TEST_F(PublishTest, SaysHowToGoOnWhenATagIsRefused) {
  publish();
  become("2");
  fail_at("PUT quay.io/me/web:x86_64-latest", UserError("403 DENIED", "cairn login"));
  const std::string told = thrown_by([&] { publish(); });
  EXPECT_EQ(told,
            "release 'ID' stopped in 'memory' at 'quay.io/me/web:x86_64-latest', after 4 of 9 "
            "tags: 403 DENIED\n"
            "hint: cairn release resume, or cairn release rollback");
  // Nobody has to wait: the one who stopped has said so.
  EXPECT_EQ(publish().moved, 0);
  EXPECT_EQ(entry()->document.state, stack::ReleaseState::closed);
}

TEST_F(PublishTest, SaysHowToGoOnWhenItIsInterrupted) {
  publish();
  become("2");
  fail_at("PUT quay.io/me/web:x86_64-latest", Interrupted());
  try {
    publish();
    FAIL() << "it went on";
  } catch (const Interrupted& error) {
    EXPECT_EQ(plain(error.what()),
              "release 'ID' stopped in 'memory' at 'quay.io/me/web:x86_64-latest', after 4 of 9 "
              "tags: interrupted");
    EXPECT_EQ(error.hint(), "cairn release resume, or cairn release rollback");
  }
  // Nobody has to wait.
  EXPECT_TRUE(cairn::publish::resume(kRoot, destination_, options_));
}

TEST_F(PublishTest, LetsGoWhenItIsInterruptedAsItCloses) {
  int writes = 0;
  destination_.before = [&](const std::string& step) {
    if (step == "PUT quay.io/me/base:cairn-release" && ++writes == 3) throw Interrupted();
  };
  EXPECT_EQ(thrown_by([&] { publish(); }), "interrupted");
  EXPECT_EQ(document().state, stack::ReleaseState::open);
  EXPECT_EQ(document().ttl, 0);
  EXPECT_TRUE(cairn::publish::resume(kRoot, destination_, options_));
}

// A proxy may answer one question wrongly: nobody has moved a tag for that.
TEST_F(PublishTest, TakesAWrongDigestForNobodysMove) {
  options_.fresh = std::chrono::milliseconds(0);  // each look asks
  const std::pair<std::string, std::string> lied_of{"quay.io/me/base", "latest"};
  const std::string question = "HEAD quay.io/me/base:latest";
  publish();
  int asked = 0;
  for (int lie = 1; lie <= 2 || asked >= lie - 1; ++lie) {
    become(std::to_string(lie + 1));
    std::string truth;
    asked = 0;
    destination_.before = [&](const std::string& step) {
      const std::lock_guard guard(place_.mutex);
      if (step == question && ++asked == lie)
        truth = std::exchange(place_.tags[lied_of], oci::Digest::of("a lie").to_string());
    };
    destination_.after = [&](const std::string& step) {
      const std::lock_guard guard(place_.mutex);
      if (step == question && asked == lie) place_.tags[lied_of] = truth;
    };
    const PublishReport report = publish();
    destination_.before = destination_.after = {};
    EXPECT_THAT(report.foreign, ::testing::IsEmpty()) << "the lie was answer " << lie;
    EXPECT_EQ(report.moved, 9) << "the lie was answer " << lie;
  }
  EXPECT_GE(asked, 2);
}

}  // namespace
}  // namespace cairn::publish
