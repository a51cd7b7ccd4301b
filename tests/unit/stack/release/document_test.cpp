// SPDX-License-Identifier: BSD-3-Clause
#include "stack/release/document.hpp"

#include "base/base64.hpp"
#include "base/json.hpp"
#include "fake_stack.hpp"
#include "oci/digest.hpp"

#include <gtest/gtest.h>

namespace cairn::stack {
namespace {

std::string digest_of(const std::string& bytes) {
  return oci::Digest::of(bytes).to_string();
}

const std::string kBytes("{\"schemaVersion\": 2,\n\"odd\": \"\xff\x00\xc3\"}\r\n", 35);

ReleaseDocument sample() {
  ReleaseDocument release;
  release.id = "20261129T084700Z-3f9a0c12";
  release.stack = "family";
  release.state = ReleaseState::open;
  release.holder = "machine 42 3f9a0c12";
  release.renewed = "2026-11-29T08:47:00Z";
  release.ttl = 300;
  release.previous = digest_of("previous");
  release.former = R"({"id": "before"})";
  release.commit = std::string(40, 'c');
  release.version = "2.4.1";
  release.time = 1795942020;
  const oci::Platform armv7 = oci::Platform::parse("linux/arm/v7");
  release.images = {{"base",
                     "quay.io/me/base",
                     "cuda",
                     digest_of("index"),
                     {{armv7, digest_of("manifest"), digest_of("config"), 3, 2, "abc"}}}};
  DocumentTag tag{"quay.io/me/base",
                  "cuda-python-3.11",
                  "merged",
                  "base",
                  digest_of("old"),
                  digest_of(kBytes),
                  "application/vnd.oci.image.index.v1+json"};
  tag.platforms = {armv7};
  tag.probe = "python";
  tag.version = "3.11.2";
  tag.created = 1795900000;
  DocumentTag fresh = tag;
  fresh.tag = "cuda-2026-11-29";
  fresh.old_digest.clear();
  fresh.moves = false;
  release.tags = {tag, fresh};
  DocumentTag carried = fresh;
  carried.old_digest = carried.new_digest;
  carried.new_media_type.clear();
  carried.pinned = true;
  for (const char* name : {"cuda-2026-11-27", "cuda-2026-11-28"}) {
    carried.tag = name;
    release.carried.tags.push_back(carried);
  }
  carried = tag;
  carried.tag = "cuda-python-3.10";
  release.carried.tags.push_back(carried);
  release.carried.images = release.images;
  release.documents = {{digest_of(kBytes), kBytes}, {digest_of(""), ""}};
  return release;
}

/// What is said of the sample with `more` in it.
std::string refusal(const Json& more) {
  Json object = Json::parse(sample().to_text());
  object.update(more);
  return testing::thrown_by([&] { ReleaseDocument::parse(object.dump(), "'x'"); });
}

std::string tag_refusal(const Json& more) {
  Json object = Json::parse(sample().to_text());
  object["tags"][1].update(more);
  return refusal({{"tags", object["tags"]}});
}

TEST(ReleaseDocument, ComesBackAsItWas) {
  const std::string text = sample().to_text();
  const ReleaseDocument back = ReleaseDocument::parse(text, "here");
  EXPECT_EQ(back.to_text(), text);
  EXPECT_EQ(back.id, "20261129T084700Z-3f9a0c12");
  EXPECT_EQ(back.state, ReleaseState::open);
  EXPECT_EQ(back.kind, "publish");
  EXPECT_EQ(back.holder, "machine 42 3f9a0c12");
  EXPECT_EQ(back.renewed, "2026-11-29T08:47:00Z");
  EXPECT_EQ(back.ttl, 300);
  EXPECT_EQ(back.previous, digest_of("previous"));
  EXPECT_EQ(back.former, R"({"id": "before"})");
  EXPECT_EQ(back.commit, std::string(40, 'c'));
  EXPECT_EQ(back.version, "2.4.1");
  EXPECT_EQ(back.time, 1795942020);
  ASSERT_EQ(back.images.size(), 1U);
  EXPECT_EQ(back.images[0].variant, "cuda");
  EXPECT_EQ(back.images[0].index_digest, digest_of("index"));
  ASSERT_EQ(back.images[0].platforms.size(), 1U);
  EXPECT_EQ(back.images[0].platforms[0].platform.to_string(), "linux/arm/v7");
  EXPECT_EQ(back.images[0].platforms[0].manifest_digest, digest_of("manifest"));
  EXPECT_EQ(back.images[0].platforms[0].tests, 3);
  EXPECT_EQ(back.images[0].platforms[0].passed, 2);
  ASSERT_EQ(back.tags.size(), 2U);
  EXPECT_EQ(back.tags[0].tag, "cuda-python-3.11");
  EXPECT_EQ(back.tags[0].probe, "python");
  EXPECT_EQ(back.tags[0].version, "3.11.2");
  EXPECT_EQ(back.tags[0].created, 1795900000);
  EXPECT_EQ(back.tags[0].platforms[0].to_string(), "linux/arm/v7");
  EXPECT_TRUE(back.tags[0].moves);
  EXPECT_EQ(back.tags[1].old_digest, "");
  EXPECT_FALSE(back.tags[1].moves);
}

TEST(ReleaseDocument, SaysOnceWhatTagsThatAreCarriedNameTogether) {
  const std::string text = sample().to_text();
  const Json carried = Json::parse(text).at("carried");
  ASSERT_EQ(carried.at("tags").size(), 2U);
  EXPECT_EQ(carried.at("tags")[0].at("tags").size(), 2U);
  const ReleaseDocument back = ReleaseDocument::parse(text, "here");
  EXPECT_EQ(back.carried.images.size(), 1U);
  ASSERT_EQ(back.carried.tags.size(), 3U);
  const DocumentTag* pinned = back.find_tag("quay.io/me/base", "cuda-2026-11-28");
  ASSERT_NE(pinned, nullptr);
  EXPECT_TRUE(pinned->pinned);
  EXPECT_FALSE(pinned->moves);
  const DocumentTag* former = back.find_tag("quay.io/me/base", "cuda-python-3.10");
  ASSERT_NE(former, nullptr);
  EXPECT_FALSE(former->pinned);
  EXPECT_FALSE(former->moves);
  EXPECT_EQ(former->kind, "merged");
  EXPECT_EQ(former->target, "base");
  EXPECT_EQ(former->old_digest, digest_of(kBytes));
  EXPECT_EQ(former->new_digest, digest_of(kBytes));
  EXPECT_EQ(former->platforms[0].to_string(), "linux/arm/v7");
  EXPECT_EQ(former->probe, "python");
  EXPECT_EQ(former->version, "3.11.2");
  EXPECT_EQ(former->created, 1795900000);
  EXPECT_EQ(back.find_tag("quay.io/me/base", "cuda-python-3.9"), nullptr);
}

TEST(ReleaseDocument, IsReadWhereNothingIsCarried) {
  Json object = Json::parse(sample().to_text());
  object.erase("carried");
  EXPECT_TRUE(ReleaseDocument::parse(object.dump(), "here").carried.tags.empty());
}

TEST(ReleaseDocument, KeepsEveryByteOfWhatItHolds) {
  ASSERT_EQ(kBytes.size(), 35U);
  const auto back = ReleaseDocument::parse(sample().to_text(), "here").documents;
  EXPECT_EQ(back, sample().documents);
}

TEST(ReleaseDocument, IsOneLineOfCanonicalJson) {
  const std::string text = sample().to_text();
  EXPECT_EQ(text, canonical_json(Json::parse(text)));
  EXPECT_EQ(text.find('\n'), std::string::npos);
}

TEST(ReleaseDocument, NamesItsStates) {
  EXPECT_EQ(to_string(ReleaseState::leased), "leased");
  EXPECT_EQ(to_string(ReleaseState::open), "open");
  EXPECT_EQ(to_string(ReleaseState::closed), "closed");
}

TEST(ReleaseDocument, RefusesWhatIsNone) {
  EXPECT_EQ(testing::thrown_by([] { ReleaseDocument::parse("[", "'x'"); }),
            "'x': not a release document");
  EXPECT_EQ(testing::thrown_by([] { ReleaseDocument::parse("[]", "'x'"); }),
            "'x': not a release document");
  EXPECT_EQ(refusal({{"schema", "cairn/release/2"}}),
            "'x' is of schema 'cairn/release/2', and this Cairn knows 'cairn/release/1'\nhint: use "
            "the Cairn that wrote it, or a newer one");
  EXPECT_EQ(refusal({{"id", nullptr}}), "'x': expected a string at 'id'");
  EXPECT_EQ(refusal({{"state", "half"}}), "'x': unknown state 'half'");
  EXPECT_EQ(refusal({{"kind", "undo"}}), "'x': unknown kind 'undo'");
  EXPECT_EQ(refusal({{"ttl", "long"}}),
            "'x': a member is of another type than cairn/release/1 says");
  EXPECT_EQ(refusal({{"tags", "none"}}), "'x': expected a string at 'repository'");
}

// A registry's document is what `resume` and `rollback` write back: nothing in it may be anything
// but digests, tags and the very bytes of those digests.
TEST(ReleaseDocument, RefusesWhatNoReleaseWrote) {
  EXPECT_EQ(refusal({{"previous", "sha256:1"}}),
            "'x': invalid digest 'sha256:1': expected 'sha256:' and 64 lower-case hex digits");
  EXPECT_EQ(tag_refusal({{"tag", "../../blobs"}}), "'x': '../../blobs' is no tag");
  EXPECT_EQ(tag_refusal({{"repository", "quay.io/me/base:1"}}),
            "'x': 'quay.io/me/base:1' is no repository");
  EXPECT_EQ(tag_refusal({{"repository", "quay.io/me/../base"}}),
            "'x': invalid image reference 'quay.io/me/../base': invalid repository 'me/../base'");
  EXPECT_EQ(tag_refusal({{"new_digest", ""}}),
            "'x': invalid digest '': expected 'sha256:' and 64 lower-case hex digits");
  EXPECT_EQ(tag_refusal({{"platforms", {"linux"}}}),
            "'x': invalid platform 'linux': expected OS/ARCHITECTURE[/VARIANT], as in "
            "'linux/amd64'");
  const std::string digest = digest_of("one");
  EXPECT_EQ(refusal({{"documents", {{digest, encode_base64("two")}}}}),
            "'x': the bytes kept for '" + digest + "' are others");
  EXPECT_EQ(refusal({{"documents", {{digest, "?"}}}}),
            "'x': the bytes kept for '" + digest + "' are others");
}

}  // namespace
}  // namespace cairn::stack
