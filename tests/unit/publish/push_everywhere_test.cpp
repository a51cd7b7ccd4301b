// SPDX-License-Identifier: BSD-3-Clause
#include "../../support/memory_registry.hpp"
#include "publish/push.hpp"
#include "publish_fixture.hpp"
#include "stack/release/exported.hpp"

#include <regex>

namespace cairn::publish {
namespace {

using registry::Answer;
using registry::Request;
using testing::MemoryRegistry;

/// A family and two registries.
class PushEverywhereTest : public PublishTest {
 protected:
  PushEverywhereTest() {
    registry::ClientOptions options;
    options.find_credential = [](const std::string&) { return std::nullopt; };
    for (auto* place : {&one_, &two_}) {
      clients_.push_back(std::make_unique<registry::Client>(place->transport(), options));
      const std::string host = place == &one_ ? "one.example" : "two.example";
      destinations_.push_back(make_destination(host, *clients_.back(), {}));
    }
    family_.write();
  }
  void push() {
    const stack::ReleaseDescription release = description();
    push_everywhere(release, stack::exported_images(release, {}), destinations_, options_.say);
  }
  /// The second registry lets nobody push to `repository`.
  void deny(const std::string& repository) {
    two_.before = [repository](const Request& request) -> std::optional<Answer> {
      const bool denied = request.url.text().find(repository) != std::string::npos;
      if (request.method != "POST" || !denied) return std::nullopt;
      return MemoryRegistry::error(403, "DENIED", "not yours");
    };
  }

  static std::string without_digests(const std::string& text) {
    return std::regex_replace(text, std::regex("sha256:[0-9a-f]{64}"), "sha256:…");
  }

  MemoryRegistry one_, two_;
  std::vector<std::unique_ptr<registry::Client>> clients_;
  std::vector<std::unique_ptr<Destination>> destinations_;
};

TEST_F(PushEverywhereTest, TriesAllDestinationsBeforeAnythingMoves) {
  deny("/me/web/");
  EXPECT_EQ(thrown_by([&] { push(); }),
            "'two.example/me/web' cannot be pushed to: POST "
            "https://two.example/v2/me/web/blobs/uploads/: 403 DENIED: not yours\n"
            "hint: log in with an account that may push to it: docker login two.example");
  EXPECT_TRUE(said_.empty());
  for (auto* place : {&one_, &two_}) {
    for (const std::string& line : place->take_log())
      EXPECT_FALSE(line.starts_with("PUT ")) << line;
    EXPECT_TRUE(place->uploads.empty());
  }
}

// Most registries refuse whoever has not logged in already when they are asked what is there.
TEST_F(PushEverywhereTest, NamesAllRefusalsEachWithItsHint) {
  const auto refuse = [](MemoryRegistry& place, const std::string& method, int status,
                         const std::string& code) {
    place.before = [=](const Request& request) -> std::optional<Answer> {
      if (request.method != method) return std::nullopt;
      return MemoryRegistry::error(status, code, "not you");
    };
  };
  refuse(one_, "HEAD", 401, "UNAUTHORIZED");
  refuse(two_, "POST", 403, "DENIED");
  EXPECT_EQ(without_digests(thrown_by([&] { push(); })),
            "'one.example/me/base' cannot be pushed to: HEAD "
            "https://one.example/v2/me/base/manifests/sha256:…: 401 UNAUTHORIZED: not you\n"
            "'one.example/me/web' cannot be pushed to: HEAD "
            "https://one.example/v2/me/web/manifests/sha256:…: 401 UNAUTHORIZED: not you\n"
            "  log in with an account that may read it: docker login one.example\n"
            "'two.example/me/base' cannot be pushed to: POST "
            "https://two.example/v2/me/base/blobs/uploads/: 403 DENIED: not you\n"
            "'two.example/me/web' cannot be pushed to: POST "
            "https://two.example/v2/me/web/blobs/uploads/: 403 DENIED: not you\n"
            "  log in with an account that may push to it: docker login two.example");
  // What refuses without saying what to do does not hide the others.
  refuse(one_, "HEAD", 400, "NAME_INVALID");
  EXPECT_EQ(without_digests(thrown_by([&] { push(); })),
            "'one.example/me/base' cannot be pushed to: HEAD "
            "https://one.example/v2/me/base/manifests/sha256:…: 400 NAME_INVALID: not you\n"
            "'one.example/me/web' cannot be pushed to: HEAD "
            "https://one.example/v2/me/web/manifests/sha256:…: 400 NAME_INVALID: not you\n"
            "'two.example/me/base' cannot be pushed to: POST "
            "https://two.example/v2/me/base/blobs/uploads/: 403 DENIED: not you\n"
            "'two.example/me/web' cannot be pushed to: POST "
            "https://two.example/v2/me/web/blobs/uploads/: 403 DENIED: not you\n"
            "  log in with an account that may push to it: docker login two.example");
  EXPECT_TRUE(said_.empty());
}

TEST_F(PushEverywhereTest, ThrowsAtOnceWhatIsNoRefusal) {
  one_.before = [](const Request& /*request*/) -> std::optional<Answer> { throw Interrupted(); };
  deny("/me/");
  EXPECT_EQ(thrown_by([&] { push(); }), "interrupted");
}

TEST_F(PushEverywhereTest, TriesNoRepositoryThatLacksNothing) {
  push();
  EXPECT_THAT(said_,
              ::testing::ElementsAre("uploading to 'one.example'", "uploading to 'two.example'"));
  deny("/me/");
  push();
}

}  // namespace
}  // namespace cairn::publish
