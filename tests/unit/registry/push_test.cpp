// SPDX-License-Identifier: BSD-3-Clause
#include "push_fixture.hpp"

#include <gmock/gmock.h>

namespace cairn::registry {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::MemoryRegistry;
using ::testing::Not;

using Log = std::vector<std::string>;

TEST_F(PushTest, SendsWhatIsMissingAndThenAsksOnce) {
  const auto config = source_.config("config");
  const auto image = source_.image(config, {});
  const PushReport report = push({target("a", image)});
  EXPECT_EQ(report.blobs_uploaded, 1);
  EXPECT_EQ(report.bytes_uploaded, config.size);
  const std::string up = "/v2/a/blobs/uploads/";
  EXPECT_THAT(registry_.take_log(),
              ElementsAre("HEAD /v2/a/manifests/" + short_of(image), "POST " + up,
                          "DELETE " + up + "1?state=secret", "HEAD /v2/a/blobs/" + short_of(config),
                          "POST " + up, "PUT " + up + "2?state=secret&digest=" + short_of(config),
                          "PUT /v2/a/manifests/" + short_of(image)));
  EXPECT_EQ(push({target("a", image)}).manifests_there, 1);
  EXPECT_THAT(registry_.take_log(), ElementsAre("HEAD /v2/a/manifests/" + short_of(image)));
}

TEST_F(PushTest, MountsWhatAnotherRepositoryHas) {
  const auto base = source_.layer("base");
  const auto one = source_.image(source_.config("one"), {base});
  const auto two = source_.image(source_.config("two"), {base, source_.layer("own")});
  const PushReport report = push({target("a/one", one), target("b/two", two)});
  EXPECT_EQ(report.blobs_mounted, 1);
  EXPECT_EQ(report.blobs_uploaded, 4);
  EXPECT_THAT(registry_.take_log(),
              Contains("POST /v2/b/two/blobs/uploads/?mount=" + short_of(base) + "&from=a%2Fone"));
  EXPECT_EQ(registry_.repositories["b/two"].blobs.size(), 3U);
}

TEST_F(PushTest, MountsFromWhereItIsTold) {
  const auto base = source_.layer("base");
  const auto image = source_.image(source_.config("c"), {base});
  registry_.repositories["parent"].blobs[base.digest.to_string()] = "base";
  PushTarget one = target("a", image);
  one.mount_from = {oci::Reference::parse("other.example/x"),
                    oci::Reference::parse("r.example/nothing"),
                    oci::Reference::parse("r.example/parent")};
  EXPECT_EQ(push({one}).blobs_mounted, 1);
  EXPECT_THAT(registry_.uploads, IsEmpty());  // what a mount began instead is ended
}

TEST_F(PushTest, PutsChildrenFirst) {
  const auto one = source_.image(source_.config("one"), {});
  const auto two = source_.image(source_.config("two"), {source_.layer("l")});
  const auto index = source_.index({one, two});
  const PushTarget all = target("a", index);
  Pusher pusher(client(), options_);
  EXPECT_EQ(pusher.push({all}).manifests_put, 3);
  pusher.tag(all, "1.0");
  EXPECT_EQ(registry_.repositories["a"].tags["1.0"], index.digest.to_string());
}

TEST_F(PushTest, GoesOnWhereAnUploadBroke) {
  const std::string bytes(100000, 'x');
  const auto layer = source_.layer(bytes);
  registry_.repositories["a"].blobs[source_.config("c").digest.to_string()] = "c";
  registry_.break_after = 40000;
  push({target("a", source_.image(source_.config("c"), {layer}))});
  EXPECT_EQ(registry_.repositories["a"].blobs[layer.digest.to_string()], bytes);
  std::uint64_t sent = 0;
  for (const Request& request : registry_.requests()) {
    if (request.method == "PATCH") {
      EXPECT_EQ(testing::header_of(request, "Content-Range"), "40000-99999");
      sent += request.body_bytes;
    }
  }
  EXPECT_EQ(sent, 60000U);
}

TEST_F(PushTest, BeginsAnewWhereTheUploadIsLost) {
  const auto layer = source_.layer(std::string(5000, 'x'));
  registry_.break_after = 3000;
  registry_.before = [&](const Request& request) -> std::optional<Answer> {
    if (request.method != "GET") return std::nullopt;
    return MemoryRegistry::error(400, "BLOB_UPLOAD_INVALID");
  };
  push({target("a", source_.image(source_.config("c"), {layer}))});
  EXPECT_EQ(registry_.repositories["a"].blobs.size(), 2U);
  EXPECT_THAT(registry_.uploads, IsEmpty());
}

TEST_F(PushTest, SettlesAnUnclearPutByLooking) {
  int lost = 0;
  registry_.after = [&](const Request& request, Answer&) {
    if (request.method == "PUT" && lost++ < 2) throw TransientError("the answer is lost");
  };
  const auto image = source_.image(source_.config("c"), {});
  push({target("a", image)});
  int puts = 0;
  for (const std::string& line : registry_.take_log())
    puts += line.starts_with("PUT ") ? 1 : 0;
  EXPECT_EQ(puts, 2);  // the blob's and the manifest's, neither again
}

TEST_F(PushTest, BelievesNothingWhenTheRegistryLacksABlob) {
  const auto base = source_.layer("base");
  const auto image = source_.image(source_.config("c"), {base});
  registry_.before = [&](const Request& request) -> std::optional<Answer> {
    if (request.url.text().find("mount=") == std::string::npos) return std::nullopt;
    return MemoryRegistry::answer(201);  // a lie
  };
  PushTarget one = target("a", image);
  one.mount_from = {oci::Reference::parse("r.example/parent")};
  EXPECT_EQ(push({one}).manifests_put, 1);
  EXPECT_EQ(registry_.repositories["a"].blobs.size(), 2U);
}

TEST_F(PushTest, WaitsForWhatARegistryShowsLate) {
  const auto one = source_.image(source_.config("one"), {});
  const auto index = source_.index({one});
  int hidden = 3, refused = 1;
  registry_.before = [&](const Request& request) -> std::optional<Answer> {
    const bool about_child = request.url.text().find(one.digest.to_string()) != std::string::npos;
    if (request.method == "PUT" && request.body == source_.bytes(index) && refused-- > 0) {
      return MemoryRegistry::error(404, "MANIFEST_UNKNOWN");
    }
    if (request.method == "HEAD" && about_child && hidden-- > 0) {
      return MemoryRegistry::answer(404);
    }
    return std::nullopt;
  };
  EXPECT_EQ(push({target("a", index)}).manifests_put, 2);
}

TEST_F(PushTest, SendsInChunksWhereABodyIsTooLarge) {
  const std::string bytes(2000000, 'x');
  const auto layer = source_.layer(bytes);
  registry_.before = [&](const Request& request) -> std::optional<Answer> {
    if (request.body_bytes <= 1000000) return std::nullopt;
    return MemoryRegistry::answer(413);
  };
  push({target("a", source_.image(source_.config("c"), {layer}))});
  EXPECT_EQ(registry_.repositories["a"].blobs[layer.digest.to_string()], bytes);
  EXPECT_EQ(pauses_, 0);
}

TEST_F(PushTest, SendsInChunksWhereAsked) {
  options_.chunk_bytes = 1000;
  push({target("a", source_.image(source_.config("c"), {source_.layer(std::string(2500, 'x'))}))});
  Log ranges;
  for (const Request& request : registry_.requests()) {
    if (request.method == "PATCH") ranges.push_back(testing::header_of(request, "Content-Range"));
  }
  EXPECT_THAT(ranges, ElementsAre("0-999", "1000-1999", "2000-2499"));
}

TEST_F(PushTest, SendsNoLieToItsEnd) {
  const auto image = source_.image(source_.config("c"), {source_.layer("layer")});
  const std::string digest = oci::Digest::of("layer").to_string();
  const auto with = [&](const std::string& bytes) {
    source_.lie(oci::Digest::of("layer"), bytes);
    return error_of({target("a", image)});
  };
  EXPECT_EQ(with("LAYER"), "blob '" + digest + "' in 'memory': its bytes are of '" +
                               oci::Digest::of("LAYER").to_string() + "'");
  EXPECT_EQ(with("lay"), "blob '" + digest + "' in 'memory': it ends after 3 of 5 bytes");
  EXPECT_EQ(with("layers"), "blob '" + digest + "' in 'memory': it is longer than its 5 bytes");
  EXPECT_FALSE(registry_.repositories["a"].blobs.contains(digest));
  EXPECT_THAT(registry_.uploads, IsEmpty());
  EXPECT_THAT(registry_.repositories["a"].manifests, IsEmpty());
}

TEST_F(PushTest, RefusesDocumentsThatAreNotWhatTheySay) {
  const auto image = source_.image(source_.config("c"), {});
  oci::Descriptor relabelled = image;
  relabelled.media_type = "application/vnd.docker.distribution.manifest.v2+json";
  const std::string where = "'" + image.digest.to_string() + "' in 'memory'";
  EXPECT_EQ(error_of({target("a", relabelled)}),
            where +
                ": it says that it is 'application/vnd.oci.image.manifest.v1+json', its "
                "descriptor 'application/vnd.docker.distribution.manifest.v2+json'");
  relabelled.media_type = "text/plain";
  EXPECT_EQ(error_of({target("a", relabelled)}),
            where + ": 'text/plain' is no type of a manifest or index");
  oci::Descriptor large = image;
  large.size = 20000000;
  EXPECT_EQ(error_of({target("a", large)}), where + " is 20.0 MB long; at most 4.19 MB are read");
}

TEST_F(PushTest, SaysWhatARefusalMeans) {
  Answer refusal;
  registry_.before = [&](const Request& request) -> std::optional<Answer> {
    return request.method == "POST" ? std::optional(refusal) : std::nullopt;
  };
  const auto image = source_.image(source_.config("c"), {});
  const auto says = [&](Answer answer) {
    refusal = std::move(answer);
    return error_of({target("a", image)});
  };
  const std::string head =
      "'r.example/a' cannot be pushed to: POST https://r.example/v2/a/blobs/uploads/: ";
  EXPECT_EQ(says(MemoryRegistry::answer(401)),
            head + "401 | log in with an account that may push to it: docker login r.example");
  EXPECT_EQ(says(MemoryRegistry::error(403, "DENIED", "not yours")),
            head +
                "403 DENIED: not yours | log in with an account that may push to it: docker "
                "login r.example");
  EXPECT_EQ(says(MemoryRegistry::error(404, "NAME_UNKNOWN", "who?")),
            head +
                "404 NAME_UNKNOWN: who? | make the repository 'r.example/a' there, or correct "
                "its name");
  EXPECT_EQ(says(MemoryRegistry::error(405, "UNSUPPORTED")),
            head +
                "405 UNSUPPORTED | the registry 'r.example' is read-only: push to the one it "
                "mirrors");
  EXPECT_EQ(says(MemoryRegistry::error(403, "DENIED", "quota exceeded")),
            head + "403 DENIED: quota exceeded | make room in 'r.example/a', or push elsewhere");
  EXPECT_EQ(says(MemoryRegistry::answer(503)), "POST https://r.example/v2/a/blobs/uploads/: 503");
}

TEST_F(PushTest, SaysThatRoomRanOutInMidUpload) {
  registry_.before = [&](const Request& request) -> std::optional<Answer> {
    if (request.method != "PUT") return std::nullopt;
    return MemoryRegistry::error(403, "DENIED", "over the quota");
  };
  const auto config = source_.config("c");
  EXPECT_EQ(error_of({target("a", source_.image(config, {}))}),
            "PUT https://r.example/v2/a/blobs/uploads/2?state=***&digest=" +
                url_encode(config.digest.to_string()) +
                ": 403 DENIED: over the quota | make room in 'r.example/a', or push elsewhere");
  EXPECT_THAT(registry_.uploads, IsEmpty());
}

TEST_F(PushTest, TriesAllRepositoriesBeforeAnythingMoves) {
  registry_.before = [&](const Request& request) -> std::optional<Answer> {
    const bool denied = request.url.text().find("/denied-") != std::string::npos;
    if (request.method != "POST" || !denied) return std::nullopt;
    return MemoryRegistry::error(403, "DENIED");
  };
  const auto image = source_.image(source_.config("c"), {});
  const std::string text =
      error_of({target("denied-1", image), target("fine", image), target("denied-2", image)});
  EXPECT_THAT(text, HasSubstr("'r.example/denied-1' cannot be pushed to: "));
  EXPECT_THAT(text, HasSubstr("\n'r.example/denied-2' cannot be pushed to: "));
  EXPECT_THAT(text, Not(HasSubstr("fine")));
  for (const std::string& line : registry_.take_log())
    EXPECT_FALSE(line.starts_with("PUT ")) << line;
}

TEST_F(PushTest, PushesManyAtOnce) {
  options_.uploads = 8;
  std::vector<PushTarget> targets;
  for (int i = 0; i < 12; ++i) {
    const std::string name = std::to_string(i);
    std::vector<oci::Descriptor> layers{source_.layer("shared")};
    for (int k = 0; k < 5; ++k)
      layers.push_back(source_.layer(name + "-" + std::to_string(k) + std::string(3000, 'x')));
    targets.push_back(target("family/" + name, source_.image(source_.config(name), layers)));
  }
  const PushReport report = push(targets);
  EXPECT_EQ(report.manifests_put, 12);
  EXPECT_EQ(report.blobs_uploaded, 12 * 6 + 1);
  EXPECT_EQ(report.blobs_mounted, 11);
}

TEST_F(PushTest, EndsWithTheFirstRefusal) {
  options_.uploads = 4;
  registry_.before = [&](const Request& request) -> std::optional<Answer> {
    if (request.method != "PUT") return std::nullopt;
    return MemoryRegistry::error(403, "DENIED");
  };
  std::vector<oci::Descriptor> layers;
  for (int i = 0; i < 50; ++i)
    layers.push_back(source_.layer(std::to_string(i)));
  EXPECT_THAT(error_of({target("a", source_.image(source_.config("c"), layers))}),
              HasSubstr("403 DENIED"));
  int puts = 0;
  for (const std::string& line : registry_.take_log())
    puts += line.starts_with("PUT ") ? 1 : 0;
  EXPECT_LE(puts, 8);
  EXPECT_THAT(registry_.uploads, IsEmpty());
}

}  // namespace
}  // namespace cairn::registry
