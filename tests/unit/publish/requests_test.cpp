// SPDX-License-Identifier: BSD-3-Clause
//
// A family of the size of Jupyter's: 14 images for two platforms in 11 repositories, 495 tags.
#include "../../support/memory_registry.hpp"
#include "publish/destination.hpp"
#include "publish_fixture.hpp"

namespace cairn::publish {
namespace {

using testing::MemoryRegistry;

class RequestsTest : public PublishTest {
 protected:
  RequestsTest() {
    family_.images.clear();
    for (int i = 0; i < 14; ++i) {
      FamilyImage image;
      image.target = "image" + std::to_string(i);
      if (i > 0) image.parent = "image0";
      if (i >= 11) {
        image.image = "image" + std::to_string(i - 10);
        image.variant = "variant";
      } else {
        image.probes = {{"python", "3.11.2", {"python-{major}.{minor}"}}};
      }
      family_.images.push_back(image);
    }
    Json tags = {"latest"};
    for (int i = 0; i < 10; ++i)
      tags.push_back("release" + std::to_string(i));
    family_.description["tags"] = tags;
    registry::ClientOptions options;
    options.find_credential = [](const std::string&) { return std::nullopt; };
    client_ = std::make_unique<registry::Client>(registry_.transport(), options);
    there_ = make_destination("r.example", *client_, {});
    options_.at_once = 4;
    family_.write();
    description_ = description();
  }

  /// What a publish asks of the registry.
  std::size_t requests(int moved) {
    registry_.take_log();
    EXPECT_EQ(cairn::publish::publish(description_, *there_, options_).moved, moved);
    return registry_.take_log().size();
  }

  static constexpr const char* kRoot0 = "quay.io/me/image0";

  MemoryRegistry registry_;
  std::unique_ptr<registry::Client> client_;
  std::unique_ptr<Destination> there_;
  stack::ReleaseDescription description_;
};

TEST_F(RequestsTest, KeepToTheBudget) {
  const std::size_t first = requests(495);
  RecordProperty("empty repositories", static_cast<int>(first));
  // 495 tags, 42 manifests and indexes, and less than half as much for all else.
  EXPECT_LE(first, 770U);
  EXPECT_GE(first, 495U + 42U);
  // 495 tags and 42 manifests, and what reads the release document.
  const std::size_t nothing_new = requests(0);
  RecordProperty("nothing new", static_cast<int>(nothing_new));
  EXPECT_LE(nothing_new, 560U);
  EXPECT_GE(nothing_new, 495U + 42U);
  // One more release tag is 42 tags, and all others are looked at.
  description_.tags.push_back("one-more");
  const std::size_t one_more = requests(42);
  RecordProperty("one more tag an image", static_cast<int>(one_more));
  EXPECT_LE(one_more, 495U + 42U + 2 * 42U + 48U);
}

/// What a document says of the tags of the last release it says of those before that more briefly.
TEST_F(RequestsTest, ADocumentGrowsLittleByWhatItCarries) {
  const auto size = [&] { return Journal(*there_, kRoot0).read()->document.to_text().size(); };
  requests(495);
  const std::size_t all = size();
  RecordProperty("bytes, 495 tags", static_cast<int>(all));
  description_.tags = {"other"};
  requests(42);
  const auto written = Journal(*there_, kRoot0).read()->document;
  EXPECT_EQ(written.carried.tags.size(), 14U * 11 * 3);
  stack::ReleaseDocument without = written;
  without.carried = {};
  const std::size_t carried = size() - without.to_text().size();
  RecordProperty("bytes, 462 tags carried", static_cast<int>(carried));
  EXPECT_LE(carried, 462U * 100);
}

/// Tags that are new in repositories that have others, which no list spares a HEAD.
TEST_F(RequestsTest, KeepToTheBudgetWhenOnlyTagsAreNew) {
  const std::vector<std::string> tags = description_.tags;
  description_.tags = {"before"};
  cairn::publish::publish(description_, *there_, options_);
  description_.tags.clear();
  for (std::size_t i = 0; i < tags.size(); ++i)
    description_.tags.push_back(tags[i] + "-2");
  const std::size_t all_new = requests(14 * 11 * 3);
  RecordProperty("only tags new", static_cast<int>(all_new));
  // Of the 495 tags those of probes are there already.
  EXPECT_LE(all_new, 1080U - 33U);
}

}  // namespace
}  // namespace cairn::publish
