// SPDX-License-Identifier: BSD-3-Clause
#include "../../support/memory_source.hpp"
#include "base/time.hpp"
#include "publish/journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

namespace cairn::publish {
namespace {

using stack::ReleaseState;
using ::testing::IsEmpty;
using testing::MemorySource;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

stack::ReleaseDocument document(const std::string& id, ReleaseState state) {
  stack::ReleaseDocument made;
  made.id = id;
  made.stack = "family";
  made.state = state;
  made.time = 1;
  return made;
}

/// With a client of its own, as a process has.
struct Place {
  explicit Place(const std::string& text)
      : destination(make_destination(text, client, registry::PushOptions{})) {}
  registry::Client client;
  std::unique_ptr<Destination> destination;
};

class DestinationContract : public ::testing::TestWithParam<const char*> {
 protected:
  static std::string text() {
    const std::string set = environment(GetParam());
    return GetParam() == std::string("CAIRN_TEST_LAYOUT") ? "oci:" + set : set;
  }

  TagPut put_of(const std::string& tag, const oci::Descriptor& one) {
    return {"q.example/family/a", tag, one.digest, one.media_type, source_.bytes(one)};
  }

  MemorySource source_;
  Place place_{text()};
  Destination& there_ = *place_.destination;
};

TEST_P(DestinationContract, TakesImagesThenTags) {
  const auto layer = source_.layer(std::string(100000, 'x'));
  const auto one = source_.image(source_.config(R"({"architecture": "amd64"})"), {layer});
  const auto two = source_.image(source_.config(R"({"architecture": "arm64"})"), {layer});
  const auto index = source_.index({one, two});
  EXPECT_FALSE(there_.document("q.example/family/a", "t00"));
  EXPECT_THAT(there_.tags("q.example/family/a"), IsEmpty());
  const auto report = there_.push(source_, {{"q.example/family/a", index}});
  EXPECT_EQ(report.manifests_put, 3);
  EXPECT_EQ(there_.push(source_, {{"q.example/family/a", index}}).manifests_put, 0);
  EXPECT_EQ(there_.digest("q.example/family/a", index.digest.to_string()), index.digest);
  EXPECT_EQ(there_.digest("q.example/family/a", "t00"), std::nullopt);

  std::vector<TagPut> batch;
  for (int i = 0; i < 40; ++i)
    batch.push_back(put_of((i < 10 ? "t0" : "t") + std::to_string(i), index));
  there_.put_tags(batch);
  const std::vector<std::string> tags = there_.tags("q.example/family/a");
  EXPECT_EQ(tags.size(), 40U);
  EXPECT_TRUE(std::is_sorted(tags.begin(), tags.end()));
  there_.put_tags({put_of("t39", one)});
  EXPECT_EQ(there_.digest("q.example/family/a", "t39"), one.digest);
  const auto held = there_.document("q.example/family/a", "t38");
  ASSERT_TRUE(held);
  EXPECT_EQ(held->digest, index.digest);
  EXPECT_EQ(held->media_type, index.media_type);
  EXPECT_EQ(held->bytes, source_.bytes(index));
}

TEST_P(DestinationContract, NamesNothingThatIsNotWhole) {
  const auto never = source_.index({source_.image(source_.config("never"), {})});
  EXPECT_THROW(there_.put_tags({put_of("torn", never)}), UserError);
  EXPECT_EQ(there_.digest("q.example/family/a", "torn"), std::nullopt);
}

TEST_P(DestinationContract, HoldsAReleaseDocument) {
  Journal journal(there_, "q.example/family/root");
  const oci::Digest one = journal.write(document("one", ReleaseState::open));
  const oci::Digest two = journal.write(document("two", ReleaseState::closed));
  ASSERT_TRUE(journal.read());
  EXPECT_EQ(journal.read()->digest, two);
  EXPECT_EQ(journal.read()->document.id, "two");
  EXPECT_EQ(journal.read(one)->document.state, ReleaseState::open);
  EXPECT_TRUE(journal.still_names(two));
}

TEST_P(DestinationContract, TellsTheTime) {
  there_.digest("q.example/family/a", "x");
  EXPECT_LE(std::abs(there_.now() - unix_now()), 5);
}

INSTANTIATE_TEST_SUITE_P(, DestinationContract,
                         ::testing::Values("CAIRN_TEST_REGISTRY", "CAIRN_TEST_LAYOUT"),
                         [](const auto& place) { return std::string(place.param).substr(11); });

struct Publisher {
  Place place{environment("CAIRN_TEST_REGISTRY")};
  Journal journal{*place.destination, "q.example/family/root"};
  std::optional<Lease> lease;
  bool holds = false;

  void acquire(const std::string& id, const LeaseOptions& options) {
    try {
      lease.emplace(journal, *place.destination, document(id, ReleaseState::leased), journal.read(),
                    options);
    } catch (const Error&) {
    }
  }
  void use() {
    try {
      if (!lease) return;
      lease->require();
      holds = true;
      lease->write(document(lease->document().id, ReleaseState::closed));
    } catch (const Error&) {
    }
  }
};

TEST(LeaseContract, OfPublishersAtOneTimeOneHoldsIt) {
  LeaseOptions options;
  options.settle = std::chrono::milliseconds(200);
  for (int round = 0; round < 5; ++round) {
    std::vector<Publisher> all(3);
    std::vector<std::thread> threads;
    for (Publisher& one : all) {
      const std::string id = std::to_string(round) + "." + std::to_string(&one - all.data());
      threads.emplace_back([&, id] { one.acquire(id, options); });
    }
    for (std::thread& thread : threads)
      thread.join();
    for (Publisher& one : all)
      one.use();
    EXPECT_EQ(std::count_if(all.begin(), all.end(), [](const auto& one) { return one.holds; }), 1);
  }
}

}  // namespace
}  // namespace cairn::publish
