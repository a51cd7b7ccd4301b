// SPDX-License-Identifier: BSD-3-Clause
#include "publish/journal.hpp"

#include "../../support/memory_registry.hpp"
#include "../../support/memory_source.hpp"
#include "base/file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::publish {
namespace {

using ::testing::ElementsAre;
using testing::MemoryRegistry;
using testing::MemorySource;

constexpr const char* kRoot = "q.example/root";

stack::ReleaseDocument document(const std::string& id) {
  stack::ReleaseDocument made;
  made.id = id;
  made.stack = "family";
  made.time = 1786220934;
  return made;
}

class JournalTest : public ::testing::Test {
 protected:
  JournalTest() {
    registry::ClientOptions options;
    options.retry.attempts = 1;
    options.find_credential = [](const std::string&) { return std::nullopt; };
    client_ = std::make_unique<registry::Client>(registry_.transport(), options);
    registry::PushOptions push;
    push.uploads = 1;
    there_ = make_destination("r.example", *client_, push);
    layout_ = make_destination("oci:" + (temp_.path() / "l").string(), *client_, push);
  }

  static std::string error_of(const std::function<void()>& act) {
    try {
      act();
    } catch (const Error& error) {
      return std::string(error.what()) + (error.hint().empty() ? "" : " | " + error.hint());
    }
    return "no error";
  }

  /// Puts an image with `artifact_type` under the tag of the release document.
  void put_other(const std::string& artifact_type) {
    MemorySource source;
    const oci::Descriptor config = source.config("{}");
    const oci::Descriptor image = source.image(config, {});
    there_->push(source, {{kRoot, image}});
    Json manifest = Json::parse(source.bytes(image));
    if (!artifact_type.empty()) manifest["artifactType"] = artifact_type;
    const std::string bytes = canonical_json(manifest);
    there_->put_tags({{kRoot, kReleaseTag, oci::Digest::of(bytes), image.media_type, bytes}});
  }

  MemoryRegistry registry_;
  TempDir temp_{"cairn-journal-"};
  std::unique_ptr<registry::Client> client_;
  std::unique_ptr<Destination> there_, layout_;
};

TEST_F(JournalTest, GivesBackWhatItWasGiven) {
  for (Destination* destination : {there_.get(), layout_.get()}) {
    Journal journal(*destination, kRoot);
    EXPECT_FALSE(journal.read());
    EXPECT_EQ(journal.digest(), std::nullopt);
    const oci::Digest one = journal.write(document("one"));
    const oci::Digest two = journal.write(document("two"));
    ASSERT_TRUE(journal.read());
    EXPECT_EQ(journal.read()->digest, two);
    EXPECT_EQ(journal.read()->document.to_text(), document("two").to_text());
    EXPECT_EQ(journal.read(one)->document.id, "one");
    EXPECT_FALSE(journal.read(oci::Digest::of("none")));
    EXPECT_TRUE(journal.still_names(two));
    EXPECT_FALSE(journal.still_names(one));
  }
}

TEST_F(JournalTest, IsAnArtifactOfTheSpec) {
  Journal journal(*there_, kRoot);
  EXPECT_EQ(journal.place(), "r.example/root:cairn-release");
  const TagPut put = journal.prepare(document("one"));
  EXPECT_EQ(put.name(), "q.example/root:cairn-release");
  EXPECT_FALSE(journal.digest());  // nothing has moved
  const std::string text = document("one").to_text();
  const Json manifest = Json::parse(put.bytes);
  EXPECT_EQ(manifest["artifactType"], "application/vnd.cairn.release.v1+json");
  EXPECT_EQ(
      manifest["config"],
      Json({{"mediaType", "application/vnd.oci.empty.v1+json"},
            {"digest", "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"},
            {"size", 2}}));
  EXPECT_EQ(manifest["layers"],
            Json::array({{{"mediaType", "application/vnd.cairn.release.v1+json"},
                          {"digest", oci::Digest::of(text).to_string()},
                          {"size", text.size()}}}));
  EXPECT_EQ(registry_.repositories["root"].blobs[oci::Digest::of(text).to_string()], text);
}

TEST_F(JournalTest, IsWrittenWithFewRequests) {
  Journal journal(*there_, kRoot);
  journal.write(document("one"));
  registry_.take_log();
  const TagPut put = journal.prepare(document("two"));
  journal.move_to(put);
  const std::string layer = oci::Digest::of(document("two").to_text()).hex().substr(0, 4);
  const std::string up = "/v2/root/blobs/uploads/";
  EXPECT_THAT(registry_.take_log(),
              ::testing::UnorderedElementsAre("POST " + up, ::testing::EndsWith("digest=4413"),
                                              "POST " + up, ::testing::EndsWith("digest=" + layer),
                                              "PUT /v2/root/manifests/cairn-release"));
}

TEST_F(JournalTest, AsksOnceWhatTheTagNames) {
  Journal journal(*there_, kRoot);
  const oci::Digest digest = journal.write(document("one"));
  registry_.take_log();
  EXPECT_TRUE(journal.still_names(digest));
  EXPECT_THAT(registry_.take_log(), ElementsAre("HEAD /v2/root/manifests/cairn-release"));
}

TEST_F(JournalTest, TakesNothingElseForADocument) {
  Journal journal(*there_, kRoot);
  const std::string no_document =
      "'r.example/root:cairn-release' is no release document | remove that tag, or keep the "
      "release "
      "document in another repository: ROOT of add_docker_stack";
  put_other("");
  EXPECT_EQ(error_of([&] { journal.read(); }), no_document);
  put_other("application/vnd.other+json");
  EXPECT_EQ(error_of([&] { journal.read(); }), no_document);
  put_other("application/vnd.cairn.release.v1+json");  // but without a document in it
  EXPECT_EQ(error_of([&] { journal.read(); }), no_document);
  const oci::Digest digest = *journal.digest();
  EXPECT_EQ(error_of([&] { journal.read(digest); }),
            "'r.example/root@" + digest.to_string() + "' is no release document");
}

TEST_F(JournalTest, SaysThatItsTagMustMove) {
  Journal journal(*there_, kRoot);
  registry_.before = [](const registry::Request& request) -> std::optional<registry::Answer> {
    if (request.method != "PUT" || !request.url.text().ends_with(kReleaseTag)) return std::nullopt;
    return MemoryRegistry::error(400, "TAG_IMMUTABLE");
  };
  EXPECT_EQ(error_of([&] { journal.write(document("one")); }),
            "'r.example/root:cairn-release' must not be moved: 400 TAG_IMMUTABLE | have the "
            "registry let the tag 'cairn-release' be moved, which holds the release document");
}

}  // namespace
}  // namespace cairn::publish
