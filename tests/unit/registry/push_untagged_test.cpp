// SPDX-License-Identifier: BSD-3-Clause
//
// Where nothing has a tag yet: the smallest config is asked for, and goes first; the other blobs
// are believed to be missing where it is.
#include "push_fixture.hpp"

#include <gmock/gmock.h>

namespace cairn::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::MemoryRegistry;

class PushUntaggedTest : public PushTest {
 protected:
  PushTarget untagged(const std::string& repository, const oci::Descriptor& root) {
    PushTarget one = target(repository, root);
    one.is_untagged = true;
    return one;
  }

  using Before = std::function<std::optional<Answer>(const Request&)>;
  Before refuses_to_take(const oci::Descriptor& blob) const {
    return [digest = url_encode(blob.digest.to_string())](
               const Request& request) -> std::optional<Answer> {
      const bool is_it = request.url.text().find(digest) != std::string::npos;
      if (request.method != "PUT" || !is_it) return std::nullopt;
      return MemoryRegistry::error(403, "DENIED");
    };
  }

  /// The digests of blobs that were asked for, shortened.
  std::vector<std::string> asked_for() {
    std::vector<std::string> found;
    for (const std::string& line : registry_.take_log()) {
      if (line.starts_with("HEAD ") && line.find("/blobs/") != std::string::npos)
        found.push_back(line.substr(line.rfind('/') + 1));
    }
    return found;
  }

  const oci::Descriptor config_ = source_.config("c");
  const oci::Descriptor small_ = source_.layer("small layer");
  const oci::Descriptor large_ = source_.layer("a large layer of its own");
  const oci::Descriptor image_ = source_.image(config_, {large_, small_});
};

TEST_F(PushUntaggedTest, AsksForTheSmallestConfigAndSendsIt) {
  EXPECT_EQ(push({untagged("a", image_)}).blobs_uploaded, 3);
  const std::string up = "/v2/a/blobs/uploads/";
  const auto put = [&](int number, const oci::Descriptor& blob) {
    return "PUT " + up + std::to_string(number) + "?state=secret&digest=" + short_of(blob);
  };
  EXPECT_THAT(registry_.take_log(),
              ElementsAre("HEAD /v2/a/manifests/" + short_of(image_), "POST " + up,
                          "HEAD /v2/a/blobs/" + short_of(config_), put(1, config_), "POST " + up,
                          put(2, large_), "POST " + up, put(3, small_),
                          "PUT /v2/a/manifests/" + short_of(image_)));
}

TEST_F(PushUntaggedTest, AsksForNoIndex) {
  const auto index = source_.index({image_});
  push({untagged("a", index)});
  EXPECT_EQ(registry_.repositories["a"].manifests.size(), 2U);
  for (const std::string& line : registry_.take_log())
    EXPECT_NE(line, "HEAD /v2/a/manifests/" + short_of(index));
}

TEST_F(PushUntaggedTest, SendsNothingTwiceAfterAPushThatDied) {
  // It dies at the last blob, in a registry that keeps what it has.
  registry_.before = refuses_to_take(small_);
  error_of({untagged("a", image_)});
  EXPECT_EQ(registry_.repositories["a"].blobs.size(), 2U);
  registry_.before = nullptr;
  registry_.take_log();
  const PushReport report = push({untagged("a", image_)});
  EXPECT_EQ(report.blobs_there, 2);
  EXPECT_EQ(report.blobs_uploaded, 1);
  EXPECT_THAT(asked_for(), ElementsAre(short_of(config_), short_of(large_), short_of(small_)));
}

// Nobody knew then that there was no tag.
TEST_F(PushUntaggedTest, KnowsAPushByDigestThatDied) {
  registry_.before = refuses_to_take(small_);
  error_of({target("a", image_)});
  registry_.before = nullptr;
  EXPECT_EQ(push({untagged("a", image_)}).blobs_there, 2);
  EXPECT_THAT(registry_.uploads, IsEmpty());  // what was begun to try the repository is ended
}

TEST_F(PushUntaggedTest, KnowsAPushOfOtherImagesThatDied) {
  const auto other = source_.image(source_.config("another config"), {small_});
  registry_.before = refuses_to_take(small_);
  error_of({untagged("a", image_), untagged("a", other)});
  registry_.before = nullptr;
  // Of the images, one alone: not the one whose config went first.
  registry_.repositories["a"].blobs[small_.digest.to_string()] = source_.bytes(small_);
  EXPECT_EQ(push({untagged("a", other)}).blobs_uploaded, 0);
}

TEST_F(PushUntaggedTest, AsksForEachBlobWhereAManifestIs) {
  push({target("a", source_.image(source_.config("another config"), {large_}))});
  const auto index =
      source_.index({image_, source_.image(source_.config("another config"), {large_})});
  const PushReport report = push({untagged("a", index)});
  EXPECT_EQ(report.blobs_there, 1);
  EXPECT_EQ(report.blobs_uploaded, 2);
}

TEST_F(PushUntaggedTest, MountsAllButTheFirst) {
  push({target("a", image_)});
  registry_.take_log();
  PushTarget two = untagged("b", source_.image(config_, {large_, source_.layer("own")}));
  two.mount_from = {oci::Reference::parse("r.example/a")};
  const PushReport report = push({two});
  EXPECT_EQ(report.blobs_mounted, 1);
  EXPECT_EQ(report.blobs_uploaded, 2);
  EXPECT_THAT(asked_for(), ElementsAre(short_of(config_)));
  EXPECT_EQ(registry_.repositories["b"].blobs.size(), 3U);
  EXPECT_THAT(registry_.uploads, IsEmpty());
}

TEST_F(PushUntaggedTest, BelievesNothingWhenTheRegistryLacksABlob) {
  registry_.after = [&](const Request& request, Answer&) {
    const bool is_large =
        request.url.text().find(url_encode(large_.digest.to_string())) != std::string::npos;
    if (request.method != "PUT" || !is_large) return;
    registry_.repositories["a"].blobs.erase(large_.digest.to_string());  // taken, and lost
    registry_.after = nullptr;
  };
  EXPECT_EQ(push({untagged("a", image_)}).manifests_put, 1);
  EXPECT_EQ(registry_.repositories["a"].blobs.size(), 3U);
}

TEST_F(PushUntaggedTest, EndsWhatItBeganWhereOneRepositoryRefuses) {
  registry_.before = [](const Request& request) -> std::optional<Answer> {
    const bool denied = request.url.text().find("/denied/") != std::string::npos;
    if (request.method != "POST" || !denied) return std::nullopt;
    return MemoryRegistry::error(403, "DENIED");
  };
  error_of({untagged("a", image_), untagged("denied", image_)});
  EXPECT_THAT(registry_.uploads, IsEmpty());
}

TEST_F(PushUntaggedTest, NeedsNoPlaceOfTheUploadThatItTriesBy) {
  registry_.after = [&](const Request& request, Answer& answer) {
    if (request.method != "POST") return;
    answer.headers["location"] = "ftp://elsewhere/";
    registry_.after = nullptr;
  };
  EXPECT_EQ(push({untagged("a", image_)}).blobs_uploaded, 3);
}

// A session that the registry forgot while others were served.
TEST_F(PushUntaggedTest, BeginsAnewWhereTheFirstUploadIsForgotten) {
  registry_.after = [&](const Request& request, Answer&) {
    if (request.method == "HEAD" && request.url.text().find("/blobs/") != std::string::npos)
      registry_.uploads.clear();
  };
  EXPECT_EQ(push({untagged("a", image_)}).blobs_uploaded, 3);
  EXPECT_EQ(registry_.repositories["a"].blobs.size(), 3U);
}

TEST_F(PushTest, BringsOnlyWhatIsBelow) {
  const auto config = source_.config("c");
  PushTarget one = target("a", source_.image(config, {}));
  one.is_below_only = true;
  EXPECT_EQ(push({one}).manifests_put, 0);
  EXPECT_THAT(registry_.take_log(),
              ElementsAre("POST /v2/a/blobs/uploads/",
                          "PUT /v2/a/blobs/uploads/1?state=secret&digest=" + short_of(config)));
}

}  // namespace
}  // namespace cairn::registry
