// SPDX-License-Identifier: BSD-3-Clause
#include "promise_fixture.hpp"

#include <limits>

namespace cairn::publish {
namespace {

using Random = std::mt19937;

int below(Random& random, int limit) {
  return std::uniform_int_distribution<int>(0, limit - 1)(random);
}

class KillTest : public PromiseTest {
 protected:
  KillTest() {
    MemoryDestination destination(first_);
    run(0, destination, options());
    steps_ = static_cast<int>(destination.take_log().size()) + 40;
  }

  /// Publishes, or rolls back, and dies at a step or at the end of it; says whether it died.
  bool die(MemoryPlace& place, int generation, int step, bool at_its_end) {
    MemoryDestination destination(place);
    int count = 0;
    bool dead = false;
    const auto die_now = [&] {
      dead = true;
      throw Killed{};
    };
    destination.before = [&](const std::string& what) {
      EXPECT_FALSE(dead) << what;
      if (count++ == step && !at_its_end) die_now();
    };
    destination.after = [&](const std::string& what) {
      watch(place, what);
      if (count - 1 == step && at_its_end) die_now();
    };
    try {
      if (generation < 0) {
        rollback("quay.io/me/base", destination, options());
      } else {
        run(generation, destination, options());
      }
    } catch (const Killed&) {
      return true;
    }
    return false;
  }

  MemoryPlace first_;  ///< after generation 0
  int steps_ = 0;
};

TEST_F(KillTest, WhateverDiesTheNextOneEndsIt) {
  Random random(20261129);
  int died = 0;
  const int rounds = this->rounds(50);
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    MemoryPlace place;
    if (below(random, 4) != 0) copy(first_, place);
    const int deaths = 1 + below(random, 3);
    for (int i = 0; i < deaths; ++i) {
      if (die(place, 1 + below(random, 2), below(random, steps_), below(random, 2) == 0)) ++died;
      place.now += options().lease.ttl.count() + 1;
    }
    ASSERT_FALSE(die(place, 2, std::numeric_limits<int>::max(), false));
    EXPECT_EQ(whole_generation(place), 2);
    EXPECT_EQ(entry(place)->document.state, stack::ReleaseState::closed);
    for (const auto& [name, digest] : place.tags) {
      if (name.second != kReleaseTag) {
        EXPECT_EQ(broken(place, name), "") << name.second;
      }
    }
  }
  EXPECT_GT(died, rounds / 2);
}

TEST_F(KillTest, WhateverDiesIsFinishedOrTakenBack) {
  Random random(5);
  const int rounds = this->rounds(25);
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    MemoryPlace place;
    copy(first_, place);
    die(place, 1, below(random, steps_), below(random, 2) == 0);
    place.now += options().lease.ttl.count() + 1;
    const bool had_moved = entry(place)->document.id != entry(first_)->document.id &&
                           entry(place)->document.state != stack::ReleaseState::leased;
    MemoryDestination destination(place);
    if (below(random, 2) == 0) {
      resume("quay.io/me/base", destination, options());
      EXPECT_EQ(whole_generation(place), had_moved ? 1 : 0);
      continue;
    }
    // A rollback may die as well: then it is finished.
    die(place, -1, below(random, 2) == 0 ? below(random, 60) : 1'000'000, false);
    place.now += options().lease.ttl.count() + 1;
    if (!resume("quay.io/me/base", destination, options()) && had_moved &&
        entry(place)->document.kind != "rollback") {
      rollback("quay.io/me/base", destination, options());
    }
    EXPECT_NE(whole_generation(place), -1);
  }
}

TEST_F(KillTest, FaultsAreNoWrongTags) {
  Random random(7);
  const int rounds = this->rounds(25);
  for (int round = 0; round < rounds && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    MemoryPlace place;
    copy(first_, place);
    MemoryDestination destination(place);
    const auto fail = [&](const std::string& what) {
      const int kind = below(random, 700);
      if (kind == 0) throw UnreachableError(what + ": 503");
      if (kind == 1) throw UserError(what + ": 403 DENIED");
    };
    destination.before = fail;
    destination.after = [&](const std::string& what) {
      watch(place, what);
      fail(what);
    };
    bool done = false;
    std::string last;
    for (int i = 0; i < 100 && !done; ++i) {
      try {
        run(1, destination, options());
        done = true;
      } catch (const Error& error) {
        last = error.what();
        place.now += options().lease.ttl.count() + 1;
      }
    }
    EXPECT_TRUE(done) << last;
    EXPECT_EQ(whole_generation(place), 1);
    EXPECT_EQ(entry(place)->document.state, stack::ReleaseState::closed);
  }
}

}  // namespace
}  // namespace cairn::publish
