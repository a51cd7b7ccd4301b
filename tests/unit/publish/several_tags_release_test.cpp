// SPDX-License-Identifier: BSD-3-Clause
//
// Several tags by one PUT in a release: right whatever the registry does, and one request dearer
// at most.
#include "several_tags_fixture.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace cairn::publish {
namespace {

using ::testing::ElementsAre;

bool is_tag_put(const Request& request) {
  const std::string text = request.url.text();
  return request.method == "PUT" && text.find("/manifests/") != std::string::npos &&
         text.find("/manifests/sha256:") == std::string::npos && !text.ends_with(kReleaseTag);
}

class SeveralTagsReleaseTest : public SeveralTagsTest {
 protected:
  SeveralTagsReleaseTest() {
    family_.description["tags"] = {"latest", "stable", "fixed"};
    family_.description["pinned"] = {"fixed"};
    become("2");
  }

  /// The tags that are there after a publish.
  std::map<std::string, std::string> release() {
    family_.write();
    report_ = cairn::publish::publish(description(), *there_, options_);
    std::map<std::string, std::string> all;
    for (const auto& [name, repository] : registry_.repositories) {
      for (const auto& [tag, digest] : repository.tags)
        if (tag != kReleaseTag) all[name + ":" + tag] = digest;
    }
    return all;
  }
  std::size_t requests(bool (*is_one)(const Request&)) {
    const auto all = registry_.requests();
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), is_one));
  }

  PublishReport report_;
};

TEST_F(SeveralTagsReleaseTest, MovesTheSameTagsWhateverTheRegistryKnows) {
  std::map<std::string, std::string> expected;
  std::size_t one_by_one = 0;
  for (const std::size_t known : {0, 1, 2, 10}) {
    registry_.repositories.clear();
    registry_.tags_a_put = known;
    renew();
    const std::size_t before = requests(is_tag_put) + requests(asks_for_several);
    const auto tags = release();
    const std::size_t sent = requests(is_tag_put) + requests(asks_for_several) - before;
    EXPECT_EQ(report_.moved, static_cast<int>(tags.size()));
    if (known == 0) {
      expected = tags;
      one_by_one = sent;
      EXPECT_EQ(sent, tags.size() + 1);
    } else {
      EXPECT_EQ(tags, expected);
      EXPECT_LT(sent, one_by_one) << known;
    }
    EXPECT_EQ(requests(asks_for_several) == 1, known == 0) << known;
  }
}

/// Platforms, new merged tags, those that move with parents first, `latest`, pinned ones.
TEST_F(SeveralTagsReleaseTest, KeepsTheOrderOfMoves) {
  registry_.tags_a_put = 10;
  release();
  const std::size_t before = registry_.requests().size();
  become("3");
  release();
  std::vector<std::string> order;
  const auto requests = registry_.requests();
  for (std::size_t i = before; i < requests.size(); ++i) {
    if (!is_tag_put(requests[i]) && !asks_for_several(requests[i])) continue;
    const std::string text = requests[i].url.text();
    const std::size_t at = text.find("/manifests/"), query = text.find('?');
    const std::size_t from = query == std::string::npos ? at + 11 : query;
    order.push_back(text.substr(text.find("me/"), at - text.find("me/")) + " " + text.substr(from));
  }
  EXPECT_THAT(order,
              ElementsAre("me/base ?tag=x86_64-latest&tag=x86_64-python-3.11&tag=x86_64-stable",
                          "me/base ?tag=aarch64-latest&tag=aarch64-python-3.11&tag=aarch64-stable",
                          "me/web ?tag=x86_64-latest&tag=x86_64-stable",
                          "me/web ?tag=aarch64-latest&tag=aarch64-stable",
                          "me/base ?tag=python-3.11&tag=stable", "me/web stable", "me/base latest",
                          "me/web latest"));
}

/// A tag that somebody else has moved since the document was written is not in any request.
TEST_F(SeveralTagsReleaseTest, LeavesWhatSomebodyElseHasMoved) {
  registry_.tags_a_put = 10;
  release();
  become("3");
  options_.fresh = std::chrono::milliseconds(0);
  const auto other = pushed("quay.io/me/base", "other", {"x"});
  bool is_open = false;
  registry_.after = [&](const Request& request, Answer&) {
    if (!request.url.text().ends_with(kReleaseTag) || request.method != "PUT") return;
    // The second PUT of the document opens the release.
    if (std::exchange(is_open, true))
      registry_.repositories["me/base"].tags["x86_64-stable"] = other[0].digest.to_string();
  };
  const auto tags = release();
  EXPECT_THAT(report_.foreign, ElementsAre("quay.io/me/base:x86_64-stable"));
  EXPECT_EQ(tags.at("me/base:x86_64-stable"), other[0].digest.to_string());
  EXPECT_EQ(tags.at("me/base:x86_64-latest"), family_.manifest("base").to_string());
}

/// Every tag of a batch is looked at before it is moved: where that takes too long, fewer are.
TEST_F(SeveralTagsReleaseTest, TakesSmallBatchesWhereTheyGoOutOfDate) {
  registry_.tags_a_put = 10;
  registry_.date = "Sat, 08 Aug 2026 20:28:54 GMT";
  options_.lease.ttl = std::chrono::seconds(0);  // asked for before each request
  release();
  become("3");
  std::vector<std::string> together;
  registry_.before = [&](const Request& request) -> std::optional<Answer> {
    if (!asks_for_several(request)) return std::nullopt;
    together.push_back(request.url.text());
    registry_.date = "Sat, 08 Aug 2026 20:38:54 GMT";
    return std::nullopt;
  };
  const auto tags = release();
  EXPECT_EQ(together.size(), 1U);
  EXPECT_EQ(tags.at("me/base:x86_64-latest"), family_.manifest("base").to_string());
  EXPECT_EQ(tags.at("me/web:aarch64-stable"), family_.manifest("web", "linux/arm64").to_string());
  EXPECT_EQ(tags.at("me/web:latest"), tags.at("me/web:stable"));
}

/// It dies with half of a request's tags set: what is there is found, and the rest is moved.
TEST_F(SeveralTagsReleaseTest, IsFinishedAfterHalfOfARequest) {
  registry_.tags_a_put = 10;
  release();
  become("3");
  registry_.after = [&](const Request& request, Answer&) {
    if (!asks_for_several(request)) return;
    registry_.repositories["me/base"].tags.erase("x86_64-stable");
    throw Killed();
  };
  EXPECT_THROW(release(), Killed);
  registry_.after = {};
  renew();
  options_.lease.take_over = true;
  EXPECT_TRUE(resume("quay.io/me/base", *there_, options_));
  const auto& held = registry_.repositories["me/base"].tags;
  const std::string own = family_.manifest("base").to_string();
  EXPECT_EQ(held.at("x86_64-latest"), own);
  EXPECT_EQ(held.at("x86_64-python-3.11"), own);
  EXPECT_EQ(held.at("x86_64-stable"), own);
}

}  // namespace
}  // namespace cairn::publish
