// SPDX-License-Identifier: BSD-3-Clause
#include "publish/registry_destination.hpp"

#include "../../support/memory_registry.hpp"
#include "../../support/memory_source.hpp"
#include "base/time.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::publish {
namespace {

using registry::Answer;
using registry::Request;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::MemoryRegistry;
using testing::MemorySource;

class RegistryDestinationTest : public ::testing::Test {
 protected:
  RegistryDestinationTest() {
    registry::ClientOptions options;
    options.retry = {3, std::chrono::milliseconds(1), std::chrono::milliseconds(1),
                     [](std::chrono::milliseconds) {}, [] { return 0.0; }};
    options.find_credential = [](const std::string&) { return std::nullopt; };
    client_ = std::make_unique<registry::Client>(registry_.transport(), options);
    push_.uploads = 1;
    there_ = make_destination("r.example", *client_, push_);
  }

  std::string error_of(const std::function<void()>& act) {
    try {
      act();
    } catch (const Error& error) {
      return std::string(error.what()) + (error.hint().empty() ? "" : " | " + error.hint());
    }
    return "no error";
  }

  std::string place_in(const std::string& text, const std::string& repository) {
    return make_destination(text, *client_, push_)->place_of(repository);
  }

  /// An image that is there by digest.
  TagPut pushed(const std::string& repository, const std::string& tag, const std::string& content) {
    const oci::Descriptor image = source_.image(source_.config(content), {});
    there_->push(source_, {{repository, image}});
    registry_.take_log();
    return {repository, tag, image.digest, image.media_type, source_.bytes(image)};
  }

  MemoryRegistry registry_;
  MemorySource source_;
  registry::PushOptions push_;
  std::unique_ptr<registry::Client> client_;
  std::unique_ptr<Destination> there_;
};

TEST_F(RegistryDestinationTest, KnowsWhereARepositoryLies) {
  const std::string declared = "quay.io/jupyter/base-notebook";
  EXPECT_EQ(place_in("", declared), declared);
  EXPECT_EQ(place_in("127.0.0.1:5000", declared), "127.0.0.1:5000/jupyter/base-notebook");
  EXPECT_EQ(place_in("localhost/mirror/of", declared), "localhost/mirror/of/base-notebook");
  EXPECT_EQ(place_in("[::1]:5000/m", declared), "[::1]:5000/m/base-notebook");
  EXPECT_EQ(place_in("index.docker.io/me", declared), "docker.io/me/base-notebook");
  EXPECT_EQ(make_destination("", *client_, push_)->name(), "the declared repositories");
  EXPECT_EQ(make_destination("r.example:5000/a", *client_, push_)->name(), "'r.example:5000/a'");
  EXPECT_FALSE(there_->is_atomic());
}

TEST_F(RegistryDestinationTest, TakesNoOtherText) {
  const auto error = [&](const std::string& text) {
    return error_of([&] { make_destination(text, *client_, push_); });
  };
  const std::string hint = " | write HOST[:PORT], HOST[:PORT]/PATH or oci:FOLDER";
  EXPECT_EQ(error("jupyter/x"), "invalid destination 'jupyter/x': 'jupyter' is no host" + hint);
  EXPECT_EQ(error("/x"), "invalid destination '/x': '' is no host" + hint);
  EXPECT_EQ(error("r.example:tag"),
            "invalid destination 'r.example:tag': 'r.example:tag' is no host" + hint);
  EXPECT_EQ(error("https://r.example"),
            "invalid destination 'https://r.example': it is a URL" + hint);
  EXPECT_EQ(error("r.example/x:1"),
            "invalid destination 'r.example/x:1': 'x:1' is no path of repositories" + hint);
  EXPECT_EQ(error("oci:"), "invalid destination 'oci:': it names no folder" + hint);
}

TEST_F(RegistryDestinationTest, KeepsTwoRepositoriesApart) {
  const auto mirror = make_destination("r.example/m", *client_, push_);
  mirror->place_of("quay.io/a/x");
  mirror->place_of("quay.io/a/x");
  EXPECT_EQ(error_of([&] { mirror->place_of("quay.io/b/x"); }),
            "'quay.io/a/x' and 'quay.io/b/x' would both be 'r.example/m/x' | publish to a registry "
            "without a path, which keeps the declared ones");
}

TEST_F(RegistryDestinationTest, ReadsTagsDocumentsAndBlobs) {
  const TagPut put = pushed("q.example/a", "1", "config");
  EXPECT_EQ(there_->digest("q.example/a", "1"), std::nullopt);
  there_->put_tags({put});
  EXPECT_EQ(registry_.take_log(),
            (std::vector<std::string>{"HEAD /v2/a/manifests/1", "PUT /v2/a/manifests/1"}));
  EXPECT_EQ(there_->digest("q.example/a", "1"), put.digest);
  EXPECT_EQ(registry_.take_log(), std::vector<std::string>{"HEAD /v2/a/manifests/1"});
  for (const std::string& name : {std::string("1"), put.digest.to_string()}) {
    const auto found = there_->document("q.example/a", name);
    ASSERT_TRUE(found) << name;
    EXPECT_EQ(found->digest, put.digest);
    EXPECT_EQ(found->media_type, put.media_type);
    EXPECT_EQ(found->bytes, put.bytes);
  }
  EXPECT_FALSE(there_->document("q.example/a", "2"));
  EXPECT_FALSE(there_->document("q.example/none", "1"));
  EXPECT_THAT(there_->tags("q.example/a"), ElementsAre("1"));
  EXPECT_THAT(there_->tags("q.example/never"), IsEmpty());
  const oci::Descriptor config = source_.config("config");
  EXPECT_EQ(there_->blob("q.example/a", config, 6), "config");
  EXPECT_EQ(error_of([&] { there_->blob("q.example/a", config, 5); }),
            "blob '" + config.digest.to_string() +
                "' of 'r.example/a' is 6 B long; at most 5 B are read");
}

TEST_F(RegistryDestinationTest, TellsAbsentFromRefused) {
  registry_.before = [](const Request&) { return MemoryRegistry::error(403, "DENIED"); };
  EXPECT_EQ(error_of([&] { there_->digest("q.example/a", "1"); }),
            "HEAD https://r.example/v2/a/manifests/1: 403 DENIED | log in with an account that may "
            "read it: docker login r.example");
  registry_.before = [](const Request&) { return MemoryRegistry::answer(503); };
  EXPECT_EQ(error_of([&] { there_->digest("q.example/a", "1"); }),
            "HEAD https://r.example/v2/a/manifests/1: 503");
}

TEST_F(RegistryDestinationTest, FindsTheTypeOfADocument) {
  const std::string list = oci::manifest_media_types()[1];
  std::string type = list + "; charset=utf-8", bytes = R"({"manifests": []})";
  registry_.before = [&](const Request&) {
    return MemoryRegistry::answer(200, {{"content-type", type}}, bytes);
  };
  EXPECT_EQ(there_->document("q.example/a", "1")->media_type, list);
  type = "application/octet-stream";
  EXPECT_EQ(there_->document("q.example/a", "1")->media_type, oci::manifest_media_types()[0]);
  bytes = "{}";
  EXPECT_EQ(error_of([&] { there_->document("q.example/a", "1"); }),
            "'r.example/a:1': 'application/octet-stream' is no type of a manifest or index");
}

TEST_F(RegistryDestinationTest, PushesWithMountsBetweenItsRepositories) {
  const oci::Descriptor base = source_.layer("base");
  registry_.repositories["parent"].blobs[base.digest.to_string()] = "base";
  const auto image = source_.image(source_.config("c"), {base});
  const auto report = there_->push(source_, {{"q.example/a", image, {"q.example/parent"}}});
  EXPECT_EQ(report.blobs_mounted, 1);
  EXPECT_EQ(report.manifests_put, 1);
  EXPECT_TRUE(registry_.repositories["a"].manifests.contains(image.digest.to_string()));
  EXPECT_THAT(registry_.repositories["a"].tags, IsEmpty());
}

TEST_F(RegistryDestinationTest, SettlesAnUnclearPutByHead) {
  const TagPut put = pushed("q.example/a", "1", "c");
  int lost = 0;
  registry_.after = [&](const Request& request, Answer&) {
    if (request.method == "PUT" && lost++ == 0) throw registry::TransientError("lost");
  };
  there_->put_tags({put});
  EXPECT_THAT(registry_.take_log(), ElementsAre("PUT /v2/a/manifests/1", "HEAD /v2/a/manifests/1"));
}

TEST_F(RegistryDestinationTest, ConfirmsATagByItsDigest) {
  TagPut put = pushed("q.example/a", "1", "c");
  registry_.after = [](const Request& request, Answer& answer) {
    if (request.method == "PUT") {
      answer.headers["docker-content-digest"] = oci::Digest::of("other").to_string();
    }
  };
  EXPECT_EQ(error_of([&] { there_->put_tags({put}); }),
            "PUT https://r.example/v2/a/manifests/1: the registry calls it '" +
                oci::Digest::of("other").to_string() + "', not '" + put.digest.to_string() + "'");
  registry_.take_log();
  const std::string bytes = std::exchange(put.bytes, "{}");
  EXPECT_EQ(error_of([&] { there_->put_tags({put}); }),
            "'q.example/a:1': the bytes are of '" + oci::Digest::of("{}").to_string() +
                "', not of '" + oci::Digest::of(bytes).to_string() + "'");
  EXPECT_THAT(registry_.take_log(), IsEmpty());
}

TEST_F(RegistryDestinationTest, SaysWhatARegistryLacks) {
  TagPut put = pushed("q.example/a", "1", "c");
  registry_.repositories["a"].blobs.clear();
  EXPECT_EQ(error_of([&] { there_->put_tags({put}); }),
            "'r.example/a:1': the registry lacks what this names: 400 MANIFEST_BLOB_UNKNOWN | run "
            "it again: what a registry has collected meanwhile is pushed again");
}

// As registry 2.8 does while it writes the link to a manifest anew.
TEST_F(RegistryDestinationTest, AsksAgainForWhatIsLackedForAMoment) {
  const TagPut put = pushed("q.example/a", "1", "c");
  int lacked = 0;
  registry_.before = [&](const Request& request) -> std::optional<Answer> {
    if (request.method != "PUT" || lacked++ > 1) return std::nullopt;
    return MemoryRegistry::error(400, "MANIFEST_BLOB_UNKNOWN");
  };
  there_->put_tags({put});
  EXPECT_EQ(registry_.repositories["a"].tags["1"], put.digest.to_string());
  EXPECT_EQ(lacked, 3);
}

TEST_F(RegistryDestinationTest, SetsAllButWhatMustNotMove) {
  push_.uploads = 3;
  there_ = make_destination("r.example/m", *client_, push_);
  std::vector<TagPut> batch;
  for (const char* tag : {"2026", "latest", "2025", "held"})
    batch.push_back(pushed("q.example/a", tag, tag));
  registry_.before = [](const Request& request) -> std::optional<Answer> {
    const std::string text = request.url.text();
    if (request.method != "PUT" || text.ends_with("/latest")) return std::nullopt;
    if (text.ends_with("/2025")) return MemoryRegistry::error(412, "X", "is immutable");
    return MemoryRegistry::error(400, "TAG_IMMUTABLE");
  };
  registry_.repositories["m/a"].tags["held"] = batch[3].digest.to_string();
  try {
    there_->put_tags(batch);
    FAIL();
  } catch (const ImmutableTagError& error) {
    EXPECT_STREQ(error.what(),
                 "'r.example/m/a:2025' must not be moved: 412 X: is immutable\n"
                 "'r.example/m/a:2026' must not be moved: 400 TAG_IMMUTABLE");
    EXPECT_EQ(error.hint(), "name its template in PINNED, or have the registry let it be moved");
    EXPECT_THAT(error.tags(), ElementsAre("q.example/a:2025", "q.example/a:2026"));
  }
  EXPECT_EQ(registry_.repositories["m/a"].tags["latest"], batch[1].digest.to_string());
}

TEST_F(RegistryDestinationTest, StopsAtAnyOtherRefusal) {
  const TagPut one = pushed("q.example/a", "1", "c"), two = pushed("q.example/a", "2", "d");
  registry_.before = [](const Request& request) -> std::optional<Answer> {
    if (request.method != "PUT") return std::nullopt;
    return MemoryRegistry::error(403, "DENIED");
  };
  EXPECT_EQ(error_of([&] {
              there_->put_tags({one, two});
            }),
            "PUT https://r.example/v2/a/manifests/1: 403 DENIED | log in with an account that may "
            "push to it: docker login r.example");
  EXPECT_THAT(registry_.take_log(), ElementsAre("PUT /v2/a/manifests/1"));
}

TEST_F(RegistryDestinationTest, TellsTheTimeOfItsRegistry) {
  EXPECT_LE(std::abs(there_->now() - unix_now()), 1);
  registry_.date = "Sat, 08 Aug 2026 20:28:54 GMT";
  there_->digest("q.example/a", "1");
  EXPECT_EQ(there_->now(), 1786220934);
}

}  // namespace
}  // namespace cairn::publish
