// SPDX-License-Identifier: BSD-3-Clause
//
// Two publishers at once: the second comes at every point of what the first does. Nobody moves a
// tag without the lease, and one of them gets through.
#include "publishers.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <utility>

namespace cairn::publish {
namespace {

using registry::Answer;
using registry::Request;
using stack::ReleaseState;
using testing::MemoryRegistry;

class LeaseRaceTest : public ::testing::Test {
 protected:
  LeaseRaceTest() {
    registry_.date = http_date_of(1786220934);
    Publisher(registry_, "zero").publish();
    registry_.before = [this](const Request&) -> std::optional<Answer> {
      // What the second asks is no point of the first.
      if (!busy_ && ++asked_ == point_ && second_) {
        busy_ = true;
        second_();
        busy_ = false;
      }
      return std::nullopt;
    };
  }

  /// Runs the first with the second before its request `point`, counted from 1.
  void race(int point, const std::function<void()>& first, std::function<void()> second) {
    asked_ = 0;
    point_ = point;
    second_ = std::move(second);
    first();
    came_ = asked_ >= point;
  }

  bool moved_last(const Publisher& one) { return one.journal->read()->document.id == one.id_; }

  MemoryRegistry registry_;
  std::function<void()> second_;
  int point_ = 0, asked_ = 0;
  bool busy_ = false, came_ = false;
};

// The second does all that it may while the first stands still, and the rest when that has ended.
TEST_F(LeaseRaceTest, OfTwoThatComeAnywhereOneGoesOn) {
  int overtaken = 0, refused = 0, overwritten = 0;
  for (int point = 1;; ++point) {
    Publisher one(registry_, "one"), two(registry_, "two");
    for (Publisher* publisher : {&one, &two}) {
      publisher->lease_options.settle = std::chrono::milliseconds(5);
      publisher->lease_options.sleep = nullptr;  // really sleeps: who is slow must know it
    }
    std::string first, second;
    race(
        point, [&] { first = error_of([&] { one.publish(); }); },
        [&] {
          second = error_of([&] {
            two.acquire();
            two.lease->write(two.document(ReleaseState::open));
            two.move();
          });
        });
    if (!came_) break;
    if (second == "no error") {
      (one.done ? overwritten : overtaken) += 1;
      EXPECT_EQ(one.lease && one.lease->is_doubtful(), one.done) << point;
      second = error_of([&] {
        two.move();
        two.lease->write(two.document(ReleaseState::closed));
        two.done = true;
      });
    } else {
      ++refused;
    }
    EXPECT_NE(one.done, two.done) << point << ": " << first << " / " << second;
    EXPECT_EQ(one.batches, one.done ? 2 : 0) << point;
    EXPECT_EQ(moved_last(one), one.done) << point;
  }
  EXPECT_GT(overtaken, 5);
  EXPECT_EQ(overwritten, 1);  // between the last look and the PUT
  EXPECT_GT(refused, 10);
}

// The second has looked before the first came, and its PUT comes late.
TEST_F(LeaseRaceTest, APutThatComesLateStopsTheFirstBeforeItsNextBatch) {
  const auto before = Publisher(registry_, "any").journal->read();
  int point = 0, stopped = 0;
  for (;;) {
    registry_.repositories["root"].tags["cairn-release"] = before->digest.to_string();
    Publisher one(registry_, "one"), two(registry_, "two");
    oci::Digest late = before->digest;
    int batches_then = 0;
    race(
        ++point, [&] { error_of([&] { one.publish(); }); },
        [&] {
          late = two.journal->write(two.document(ReleaseState::leased));
          batches_then = one.batches;
        });
    if (!came_) break;
    const bool two_goes_on = two.journal->still_names(late);
    EXPECT_NE(one.done, two_goes_on) << point;
    // At most the batch that was asked for before.
    EXPECT_LE(one.batches, one.done ? 2 : batches_then) << point;
    stopped += one.done ? 0 : 1;
  }
  EXPECT_GT(stopped, 10);
}

/// Another that comes while a PUT of ours waits to be sent again.
class RetriedPutTest : public LeaseRaceTest {
 protected:
  RetriedPutTest() {
    one_.on_pause = [this] {
      if (!second_) return;
      std::exchange(second_, nullptr)();
    };
  }

  /// The next PUT of the release document is put off, and `second` comes meanwhile.
  void put_off(std::function<void()> second) {
    second_ = std::move(second);
    registry_.before = [this](const Request& request) -> std::optional<Answer> {
      if (request.method != "PUT" || !request.url.text().ends_with(kReleaseTag))
        return std::nullopt;
      registry_.before = nullptr;
      return MemoryRegistry::error(503, "UNAVAILABLE");
    };
  }
  void begin_two() {
    two_.acquire();
    two_.lease->write(two_.document(ReleaseState::open));
    two_.move();
  }
  std::string lost_to_two() const {
    return "'r.example/root:cairn-release' was taken over by '" + two_.lease->document().holder +
           "' for release 'two': nothing more is moved | wait until nobody is at work on it, and "
           "run it again";
  }

  Publisher one_{registry_, "one", 2}, two_{registry_, "two"};
};

TEST_F(RetriedPutTest, TakesNoLeaseThatAnotherHasByNow) {
  put_off([this] { begin_two(); });
  const std::string told = error_of([&] { one_.acquire(); });
  EXPECT_EQ(told, lost_to_two());
  two_.move();  // it goes on
  EXPECT_EQ(two_.journal->read()->document.state, ReleaseState::open);
}

TEST_F(RetriedPutTest, RenewsNoLeaseThatAnotherHasByNow) {
  one_.acquire();
  put_off([this] {
    registry_.date = http_date_of(1786220934 + 1000);
    begin_two();
  });
  const std::string told = error_of([&] { one_.lease->write(one_.document(ReleaseState::open)); });
  EXPECT_EQ(told, lost_to_two());
  two_.move();
  EXPECT_EQ(two_.journal->read()->document.state, ReleaseState::open);
}

TEST_F(RetriedPutTest, LetsNoLeaseGoThatAnotherHasByNow) {
  one_.acquire();
  put_off([this] {
    registry_.date = http_date_of(1786220934 + 1000);
    begin_two();
  });
  const std::string told = error_of([&] { one_.lease->let_go(); });
  EXPECT_EQ(told, lost_to_two());
  two_.move();
}

TEST_F(RetriedPutTest, IsSentAgainWhereNobodyCame) {
  put_off([] {});
  one_.acquire();
  one_.move();
  EXPECT_EQ(one_.lease->digest(), one_.journal->digest());
}

// Somebody came and went between our last look and our letting go, which uploads a document first.
TEST_F(RetriedPutTest, LetsNoLeaseGoThatAnotherTookWhileItWasPrepared) {
  one_.acquire();
  registry_.date = http_date_of(1786220934 + 1000);
  registry_.before = [&](const Request& request) -> std::optional<Answer> {
    if (request.method != "POST") return std::nullopt;
    const auto kept = std::exchange(registry_.before, nullptr);
    begin_two();
    return std::nullopt;
  };
  const std::string told = error_of([&] { one_.lease->let_go(); });
  EXPECT_EQ(told, lost_to_two());
  two_.move();
}

// Both have seen that the holder is dead.
TEST_F(LeaseRaceTest, OfTwoThatTakeOverOneGoesOn) {
  Publisher dead(registry_, "dead"), one(registry_, "one"), two(registry_, "two");
  dead.acquire();
  registry_.date = http_date_of(1786220934 + 1000);
  const auto expired = one.journal->read();
  one.on_sleep = [&] { EXPECT_NE(error_of([&] { two.acquire(expired); }), "no error"); };
  one.acquire(expired);
  EXPECT_FALSE(two.lease);
  one.move();
  EXPECT_NE(error_of([&] { dead.move(); }), "no error");
  EXPECT_NE(error_of([&] { two.acquire(expired); }), "no error");
  one.move();
}

TEST_F(LeaseRaceTest, OfThreadsAtOneTimeOneHoldsIt) {
  const auto holds_after_move = [](Publisher& one) {
    if (!one.lease) return false;
    error_of([&] { one.move(); });
    return one.batches != 0;
  };
  registry_.before = nullptr;
  for (int round = 0; round < 10; ++round) {
    std::vector<std::unique_ptr<Publisher>> all;
    const auto before = Publisher(registry_, "any").journal->read();
    for (int i = 0; i < 4; ++i) {
      all.push_back(
          std::make_unique<Publisher>(registry_, std::to_string(round) + "." + std::to_string(i)));
      all.back()->lease_options.settle = std::chrono::milliseconds(20);
      all.back()->lease_options.sleep = nullptr;
    }
    std::vector<std::thread> threads;
    for (const auto& one : all) {
      const std::function<void()> acquire = [&, publisher = one.get()] {
        publisher->acquire(before);
      };
      threads.emplace_back([acquire] { error_of(acquire); });
    }
    for (std::thread& thread : threads)
      thread.join();
    Publisher* holder = nullptr;
    for (const auto& one : all) {
      if (!holds_after_move(*one)) continue;
      EXPECT_EQ(holder, nullptr);
      holder = one.get();
    }
    ASSERT_NE(holder, nullptr);
    holder->lease->write(holder->document(ReleaseState::closed));
  }
}

}  // namespace
}  // namespace cairn::publish
