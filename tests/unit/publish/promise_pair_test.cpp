// SPDX-License-Identifier: BSD-3-Clause
#include "promise_fixture.hpp"

#include <array>
#include <condition_variable>
#include <thread>

namespace cairn::publish {
namespace {

constexpr int kLongestStall = 30;  // steps of the other in which one that runs may not run
constexpr int kSettle = 40;        // steps for which a lease settles: longer than any stall

/// Lets one of two threads run at a time, and chooses anew at every step.
class Baton {
 public:
  explicit Baton(unsigned seed) : random_(seed) {}

  /// One step of `who` is due: returns when it may be done.
  void step(int who) {
    std::unique_lock lock(mutex_);
    choose(who);
    turned_.wait(lock, [&] { return turn_ == who; });
    ++steps_[index(who)];
  }
  void begin(int who) {
    std::unique_lock lock(mutex_);
    turned_.wait(lock, [&] { return turn_ == who; });
  }
  /// `who` sleeps until the other has done `kSettle` steps, sleeps as well or has ended.
  void settle(int who) {
    std::unique_lock lock(mutex_);
    const int other = 1 - who;
    wake_at_[index(who)] = steps_[index(other)] + kSettle;
    if (is_ready(other)) {
      turn_ = other;
    } else if (!ended_[index(other)]) {
      wake_at_[index(other)] = 0;  // both sleep: whoever slept first wakes first
      turn_ = other;
    }
    turned_.notify_all();
    turned_.wait(lock, [&] { return turn_ == who; });
    wake_at_[index(who)] = 0;
  }
  void end(int who) {
    const std::lock_guard guard(mutex_);
    ended_[index(who)] = true;
    wake_at_[index(1 - who)] = 0;
    turn_ = 1 - who;
    turned_.notify_all();
  }

 private:
  static std::size_t index(int who) { return static_cast<std::size_t>(who); }
  bool is_ready(int who) const {
    return !ended_[index(who)] && wake_at_[index(who)] <= steps_[index(1 - who)];
  }
  void choose(int who) {
    const int other = 1 - who;
    if (!is_ready(other)) {
      stall_ = 0;
      return;
    }
    // Long runs of one and then of the other meet more than a coin for each step.
    const bool hand_over =
        stall_ >= kLongestStall || std::uniform_int_distribution<int>(0, 11)(random_) == 0;
    stall_ = hand_over ? 0 : stall_ + 1;
    if (!hand_over) return;
    turn_ = other;
    turned_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable turned_;
  std::mt19937 random_;
  int turn_ = 0, stall_ = 0;
  std::array<int, 2> steps_{}, wake_at_{};
  std::array<bool, 2> ended_{};
};

class PairTest : public PromiseTest {
 protected:
  /// Publishes `generation` as publisher `who`; false when it had to stop.
  bool publish_as(int who, int generation, MemoryPlace& place, Baton& baton, bool atomic = false) {
    MemoryDestination destination(place);
    destination.atomic = atomic;
    destination.before = [&](const std::string&) { baton.step(who); };
    destination.after = [&, atomic](const std::string& what) {
      if (!atomic) watch(place, what);
    };
    PublishOptions with = options();
    with.lease.settle = std::chrono::seconds(60);
    with.lease.sleep = [&](std::chrono::milliseconds) { baton.settle(who); };
    bool done = false;
    baton.begin(who);
    try {
      run(generation, destination, with);
      done = true;
    } catch (const UserError&) {
    }
    baton.end(who);
    return done;
  }
  /// Generations 1 and 2 at once, their steps mixed as `seed` says: who came to the end.
  std::array<bool, 2> publish_both(MemoryPlace& place, int seed, bool atomic = false) {
    Baton baton(static_cast<unsigned>(seed));
    std::array<bool, 2> done{};
    std::thread other([&] { done[1] = publish_as(1, 2, place, baton, atomic); });
    done[0] = publish_as(0, 1, place, baton, atomic);
    other.join();
    return done;
  }
};

TEST_F(PairTest, TwoThatPublishAtOnceAreNeverMixed) {
  MemoryPlace first;
  MemoryDestination destination(first);
  run(0, destination, options());
  const int rounds = this->rounds(40);
  int both = 0, one = 0;
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    MemoryPlace place;
    copy(first, place);
    const auto done = publish_both(place, round);
    EXPECT_TRUE(done[0] || done[1]);
    EXPECT_NE(whole_generation(place), -1);
    const auto document = entry(place)->document;
    EXPECT_EQ(document.state, stack::ReleaseState::closed);
    for (const stack::DocumentTag& tag : document.tags) {
      const MemoryPlace::Name name{tag.repository, tag.tag};
      EXPECT_EQ(place.tags.at(name), tag.new_digest) << tag.tag;
    }
    done[0] && done[1] ? ++both : ++one;
  }
  EXPECT_GT(both + one, 0);
  EXPECT_GT(one, 0) << "nobody ever met";
}

// Without any lease: what one has released is what the other comes after.
TEST_F(PairTest, OfTwoThatPublishToALayoutNeitherIsLost) {
  MemoryPlace first;
  MemoryDestination destination(first);
  destination.atomic = true;
  run(0, destination, options());
  const int rounds = this->rounds(20);
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    MemoryPlace place;
    copy(first, place);
    const auto done = publish_both(place, round, /*atomic=*/true);
    EXPECT_TRUE(done[0] && done[1]);
    MemoryDestination quiet(place);
    Journal journal(quiet, "quay.io/me/base");
    const auto last = entry(place);
    const auto before = journal.read(oci::Digest::parse(last->document.previous));
    EXPECT_EQ(before->document.previous, entry(first)->digest.to_string());
    std::map<std::string, std::string> named;
    for (const stack::DocumentTag& tag : before->document.tags)
      named[tag.repository + ":" + tag.tag] = tag.new_digest;
    for (const stack::DocumentTag& tag : last->document.tags) {
      if (tag.moves && !tag.old_digest.empty()) {
        EXPECT_EQ(tag.old_digest, named[tag.repository + ":" + tag.tag]) << tag.tag;
      }
    }
  }
}

}  // namespace
}  // namespace cairn::publish
