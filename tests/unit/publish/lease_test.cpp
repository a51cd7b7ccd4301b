// SPDX-License-Identifier: BSD-3-Clause
//
// What a lease does for one publisher after another; races are in lease_race_test.cpp.
#include "base/error.hpp"
#include "publishers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::publish {
namespace {

using stack::ReleaseState;
using ::testing::MatchesRegex;
using testing::MemoryRegistry;

constexpr std::int64_t kStart = 1786220934;  // 2026-08-08T20:28:54Z
constexpr const char* kPlace = "'r.example/root:cairn-release'";

class LeaseTest : public ::testing::Test {
 protected:
  LeaseTest() { at(0); }

  void at(std::int64_t seconds) { registry_.date = http_date_of(kStart + seconds); }

  std::string held_by(const Publisher& one) { return one.lease->document().holder; }

  MemoryRegistry registry_;
  Publisher one_{registry_, "one"}, two_{registry_, "two"};
};

TEST_F(LeaseTest, IsTakenAndGoesThroughARelease) {
  one_.acquire();
  EXPECT_EQ(one_.slept, std::chrono::milliseconds(5000));
  EXPECT_FALSE(one_.lease->is_doubtful());
  const JournalEntry leased = *two_.journal->read();
  EXPECT_EQ(leased.digest, one_.lease->digest());
  EXPECT_EQ(leased.document.state, ReleaseState::leased);
  EXPECT_EQ(leased.document.renewed, "2026-08-08T20:28:54Z");
  EXPECT_EQ(leased.document.ttl, 300);
  EXPECT_THAT(leased.document.holder, MatchesRegex(".+-[0-9]+-[0-9a-f]+"));
  one_.lease->write(one_.document(ReleaseState::open));
  EXPECT_EQ(two_.journal->read()->document.state, ReleaseState::open);
  EXPECT_EQ(two_.journal->read()->document.holder, leased.document.holder);
  one_.move();
  one_.lease->write(one_.document(ReleaseState::closed));
  EXPECT_EQ(one_.slept, std::chrono::milliseconds(5000));  // once
  two_.publish();
  EXPECT_EQ(one_.journal->read()->document.id, "two");
}

TEST_F(LeaseTest, AsksOnceBeforeABatch) {
  one_.acquire();
  registry_.take_log();
  one_.move();
  EXPECT_EQ(registry_.take_log(),
            std::vector<std::string>{"HEAD /v2/root/manifests/cairn-release"});
}

TEST_F(LeaseTest, IsRefusedWhileAnotherHasIt) {
  one_.acquire();
  at(12);
  EXPECT_EQ(error_of([&] { two_.acquire(); }),
            std::string(kPlace) + " is held by '" + held_by(one_) +
                "', which is about to begin release 'one' of 'family' and was heard 12 s ago | "
                "wait until it has ended; if it is dead, anyone may go on in 288 s, or at once: "
                "cairn release resume --take-over");
  one_.move();
  one_.lease->write(one_.document(ReleaseState::open));
  at(299);
  EXPECT_EQ(error_of([&] { two_.acquire(); }),
            std::string(kPlace) + " is held by '" + held_by(one_) +
                "', which moves the tags of release 'one' of 'family' and was heard 287 s ago | "
                "wait until it has ended; if it is dead, anyone may go on in 13 s, or at once: "
                "cairn release resume --take-over");
  EXPECT_EQ(one_.journal->read()->document.id, "one");
  one_.move();
}

TEST_F(LeaseTest, IsTakenFromOneThatHasNotBegun) {
  one_.acquire();
  at(299);
  EXPECT_NE(error_of([&] { two_.acquire(); }), "no error");
  at(300);
  two_.acquire();
  two_.move();
  EXPECT_EQ(error_of([&] { one_.move(); }),
            std::string(kPlace) + " was taken over by '" + held_by(two_) +
                "' for release 'two': nothing more is moved | wait until nobody is at work on it, "
                "and run it again");
  EXPECT_EQ(error_of([&] { one_.lease->write(one_.document(ReleaseState::open)); }),
            std::string(kPlace) + " was taken over by '" + held_by(two_) +
                "' for release 'two': nothing more is moved | wait until nobody is at work on it, "
                "and run it again");
  two_.move();
}

TEST_F(LeaseTest, LetsAnUnfinishedReleaseBeFinishedOrUndoneAlone) {
  one_.acquire();
  one_.lease->write(one_.document(ReleaseState::open));
  at(1000);
  EXPECT_EQ(error_of([&] { two_.acquire(); }),
            std::string(kPlace) +
                ": release 'one' is not finished, and another must not begin | "
                "cairn release resume, or cairn release rollback");
  const auto open = two_.journal->read();
  {
    Lease finisher(*two_.journal, *two_.destination, open->document, open, two_.lease_options);
    EXPECT_EQ(two_.journal->read()->document.state, ReleaseState::open);
    EXPECT_NE(two_.journal->read()->document.holder, open->document.holder);
    EXPECT_EQ(finisher.document().id, "one");
  }
  at(2000);
  stack::ReleaseDocument undo = two_.document(ReleaseState::open);
  undo.kind = "rollback";
  undo.undoes = "one";
  const auto again = two_.journal->read();
  const Lease undoer(*two_.journal, *two_.destination, undo, again, two_.lease_options);
  EXPECT_EQ(one_.journal->read()->document.id, "two");
}

TEST_F(LeaseTest, IsTakenBeforeItsTimeWhenSomebodySaysSo) {
  one_.acquire();
  one_.lease->write(one_.document(ReleaseState::open));
  two_.lease_options.take_over = true;
  EXPECT_NE(error_of([&] { two_.acquire(); }), "no error");  // but not by another release
  const auto open = two_.journal->read();
  Lease taken(*two_.journal, *two_.destination, open->document, open, two_.lease_options);
  taken.require();
  EXPECT_NE(error_of([&] { one_.move(); }), "no error");
}

TEST_F(LeaseTest, IsRenewedWhenAThirdOfItsTimeIsOver) {
  one_.acquire();
  const oci::Digest first = one_.lease->digest();
  at(100);
  one_.move();
  EXPECT_EQ(one_.lease->digest(), first);
  at(101);
  one_.move();
  EXPECT_NE(one_.lease->digest(), first);
  EXPECT_EQ(two_.journal->read()->document.renewed, "2026-08-08T20:30:35Z");
  EXPECT_EQ(one_.slept, std::chrono::milliseconds(5000));  // nobody may have come
  EXPECT_FALSE(one_.lease->is_doubtful());
  at(400);
  EXPECT_NE(error_of([&] { two_.acquire(); }), "no error");
}

TEST_F(LeaseTest, SettlesAgainWhenItsTimeWasOver) {
  one_.acquire();
  at(300);
  one_.move();
  EXPECT_EQ(one_.slept, std::chrono::milliseconds(10000));
  EXPECT_TRUE(one_.lease->is_doubtful());
  EXPECT_NE(error_of([&] { two_.acquire(); }), "no error");
  at(700);
  one_.on_sleep = [&] { two_.journal->write(two_.document(ReleaseState::leased)); };
  EXPECT_EQ(error_of([&] { one_.move(); }),
            std::string(kPlace) +
                " was taken over by '' for release 'two': nothing more is moved "
                "| wait until nobody is at work on it, and run it again");
  EXPECT_EQ(one_.batches, 1);
}

TEST_F(LeaseTest, IsOfNobodyWhenItsTagIsGone) {
  one_.acquire();
  const auto current = one_.journal->read();
  registry_.repositories["root"].tags.clear();
  EXPECT_EQ(error_of([&] { one_.move(); }),
            std::string(kPlace) +
                " was removed: nothing more is moved | wait until nobody is at "
                "work on it, and run it again");
  EXPECT_EQ(error_of([&] { two_.acquire(current); }),
            std::string(kPlace) +
                " was removed meanwhile | run it again: it begins with what is "
                "there now");
}

TEST_F(LeaseTest, DoesNotBeginWithWhatIsOld) {
  one_.publish();
  const auto old = two_.journal->read();
  Publisher(registry_, "three").publish();
  const std::string changed = std::string(kPlace) +
                              " has become release 'three' of 'family' "
                              "meanwhile | run it again: it begins with what is there now";
  EXPECT_EQ(error_of([&] { two_.acquire(old); }), changed);
  EXPECT_EQ(error_of([&] { two_.acquire(std::nullopt); }), changed);
  EXPECT_EQ(two_.slept.count(), 0);
}

TEST_F(LeaseTest, IsNoOneWhoseRegistryShowsWhatIsOld) {
  one_.publish();
  const auto old = one_.journal->read();
  const std::string digest = old->digest.to_string();
  two_.on_sleep = [&] { registry_.repositories["root"].tags["cairn-release"] = digest; };
  EXPECT_EQ(error_of([&] { two_.acquire(old); }),
            std::string(kPlace) + " still shows what was there before our document");
}

TEST_F(LeaseTest, IsLeftWhenItsHolderIsInterruptedWhileItSettles) {
  one_.on_sleep = [] { throw Interrupted(); };
  EXPECT_EQ(error_of([&] { one_.acquire(); }), "interrupted");
  EXPECT_EQ(two_.journal->read()->document.ttl, 0);
  two_.acquire();
}

TEST_F(LeaseTest, IsLeftWhenItsHolderIsInterruptedWhileItWrites) {
  for (const bool arrives : {false, true}) {
    Publisher holder(registry_, arrives ? "arrives" : "is lost");
    holder.acquire();
    const auto interrupt = [&](const registry::Request& request) {
      if (request.method != "PUT" || !request.url.text().ends_with(kReleaseTag)) return;
      registry_.before = nullptr;
      registry_.after = nullptr;
      throw Interrupted();
    };
    if (arrives) {
      registry_.after = [&](const auto& request, auto&) { interrupt(request); };
    } else {
      registry_.before = [&](const auto& request) -> std::optional<registry::Answer> {
        interrupt(request);
        return std::nullopt;
      };
    }
    EXPECT_EQ(error_of([&] { holder.lease->write(holder.document(ReleaseState::open)); }),
              "interrupted");
    holder.lease->let_go();
    const auto left = two_.journal->read()->document;
    EXPECT_EQ(left.id, holder.id_);
    EXPECT_EQ(left.ttl, 0);
    EXPECT_EQ(left.state, arrives ? ReleaseState::open : ReleaseState::leased);
  }
}

TEST_F(LeaseTest, KnowsThatItCameSlowly) {
  two_.lease_options.settle = std::chrono::milliseconds(0);
  two_.acquire();
  EXPECT_TRUE(two_.lease->is_doubtful());  // no time is short enough
}

TEST(Held, IsWhatIsNotClosedWithinItsTime) {
  stack::ReleaseDocument document;
  document.renewed = format_utc(1000);
  document.ttl = 10;
  for (const ReleaseState state : {ReleaseState::leased, ReleaseState::open}) {
    document.state = state;
    EXPECT_TRUE(is_held(document, 990));
    EXPECT_TRUE(is_held(document, 1009));
    EXPECT_FALSE(is_held(document, 1010));
  }
  document.state = ReleaseState::closed;
  EXPECT_FALSE(is_held(document, 1000));
  document.state = ReleaseState::open;
  document.renewed = "yesterday";
  EXPECT_FALSE(is_held(document, 1000));
}

}  // namespace
}  // namespace cairn::publish
