// SPDX-License-Identifier: BSD-3-Clause
#include "publish/layout_destination.hpp"

#include "../../support/memory_source.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/time.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::publish {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::MemorySource;

namespace fs = std::filesystem;

class LayoutDestinationTest : public ::testing::Test {
 protected:
  fs::path folder() const { return temp_.path() / "layout"; }
  fs::path path_of(const oci::Descriptor& blob) const {
    return folder() / "blobs" / "sha256" / blob.digest.hex();
  }

  std::string error_of(const std::function<void()>& act) {
    try {
      act();
    } catch (const Error& error) {
      std::string text =
          std::string(error.what()) + (error.hint().empty() ? "" : " | " + error.hint());
      for (std::size_t at = 0; (at = text.find(folder().string())) != std::string::npos;)
        text.replace(at, folder().string().size(), "@");
      return text;
    }
    return "no error";
  }

  TagPut put_of(const std::string& repository, const std::string& tag, const oci::Descriptor& one) {
    return {repository, tag, one.digest, one.media_type, source_.bytes(one)};
  }

  TempDir temp_{"cairn-destination-"};
  MemorySource source_;
  LayoutDestination there_{folder(), 2};
};

TEST_F(LayoutDestinationTest, IsEmptyUntilSomethingIsPushed) {
  EXPECT_EQ(there_.digest("q.example/a", "1"), std::nullopt);
  EXPECT_FALSE(there_.document("q.example/a", "1"));
  EXPECT_THAT(there_.tags("q.example/a"), IsEmpty());
  EXPECT_FALSE(fs::exists(folder()));
  const oci::Descriptor blob = source_.config("c");
  EXPECT_EQ(error_of([&] { there_.blob("q.example/a", blob, 10); }),
            "blob '" + blob.digest.to_string() + "' is not in 'oci:@'");
  fs::create_directory(folder());
  EXPECT_THAT(there_.tags("q.example/a"), IsEmpty());
  write_file(folder() / "something", "else");
  EXPECT_EQ(error_of([&] { there_.tags("q.example/a"); }),
            "'oci:@' is no OCI image layout: expected a file 'oci-layout' with version 1.0.0 | "
            "name a folder with an OCI image layout");
}

TEST_F(LayoutDestinationTest, IsNamedAsOtherToolsNameIt) {
  EXPECT_EQ(there_.name(), "'oci:" + folder().string() + "'");
  EXPECT_EQ(there_.place_of("q.example/a"), "oci:" + folder().string() + ":q.example/a");
  EXPECT_TRUE(there_.is_atomic());
  EXPECT_LE(std::abs(there_.now() - unix_now()), 1);
}

TEST_F(LayoutDestinationTest, TakesImagesThenTags) {
  const auto one = source_.image(source_.config("one"), {source_.layer("base")});
  const auto two = source_.image(source_.config("two"), {source_.layer("base")});
  const auto index = source_.index({one, two});
  registry::PushReport report =
      there_.push(source_, {{"q.example/a", index}, {"q.example/b", one}});
  EXPECT_EQ(report.manifests_put, 3);
  EXPECT_EQ(report.blobs_uploaded, 3);
  EXPECT_EQ(report.bytes_uploaded, 10U);
  EXPECT_THAT(there_.tags("q.example/a"), IsEmpty());
  EXPECT_EQ(there_.digest("q.example/a", one.digest.to_string()), one.digest);
  report = there_.push(source_, {{"q.example/a", index}});
  EXPECT_EQ(report.manifests_there, 3);
  EXPECT_EQ(report.manifests_put, 0);
  EXPECT_EQ(report.blobs_there, 3);

  there_.put_tags({put_of("q.example/a", "1", index), put_of("q.example/a", "latest", index),
                   put_of("q.example/b", "1", one)});
  LayoutDestination again(folder(), 1);
  EXPECT_THAT(again.tags("q.example/a"), ElementsAre("1", "latest"));
  EXPECT_THAT(again.tags("q.example"), IsEmpty());
  EXPECT_EQ(again.digest("q.example/b", "1"), one.digest);
  for (const std::string& name : {std::string("latest"), index.digest.to_string()}) {
    const auto found = again.document("q.example/a", name);
    ASSERT_TRUE(found) << name;
    EXPECT_EQ(found->digest, index.digest);
    EXPECT_EQ(found->media_type, index.media_type);
    EXPECT_EQ(found->bytes, source_.bytes(index));
  }
  EXPECT_EQ(again.blob("q.example/a", source_.config("one"), 3), "one");
}

TEST_F(LayoutDestinationTest, MovesAllTagsInOneStep) {
  const auto one = source_.image(source_.config("one"), {});
  const auto two = source_.image(source_.config("two"), {});
  there_.push(source_, {{"q.example/a", one}, {"q.example/a", two}});
  there_.put_tags({put_of("q.example/a", "1", one), put_of("q.example/a", "2", one)});
  const std::string before = read_file(folder() / "index.json");
  TagPut bad = put_of("q.example/a", "2", two);
  bad.bytes = "{}";
  EXPECT_EQ(error_of([&] {
              there_.put_tags({put_of("q.example/a", "1", two), bad});
            }),
            "'q.example/a:2': the bytes are of '" + oci::Digest::of("{}").to_string() +
                "', not of '" + two.digest.to_string() + "'");
  EXPECT_EQ(read_file(folder() / "index.json"), before);
  there_.put_tags({put_of("q.example/a", "1", two), put_of("q.example/a", "2", two)});
  EXPECT_EQ(there_.digest("q.example/a", "1"), two.digest);
  EXPECT_EQ(there_.digest("q.example/a", "2"), two.digest);
}

TEST_F(LayoutDestinationTest, NamesNothingThatIsNotWhole) {
  const auto config = source_.config("c");
  const auto image = source_.image(config, {});
  const auto index = source_.index({image});
  EXPECT_EQ(error_of([&] { there_.put_tags({put_of("q.example/a", "1", image)}); }),
            "'q.example/a:1' in 'oci:@': the layout lacks '" + config.digest.to_string() +
                "', which this names | run it again: what is missing is pushed again");
  EXPECT_EQ(error_of([&] { there_.put_tags({put_of("q.example/a", "1", index)}); }),
            "'q.example/a:1' in 'oci:@': the layout lacks '" + image.digest.to_string() +
                "', which this names | run it again: what is missing is pushed again");
  EXPECT_THAT(there_.tags("q.example/a"), IsEmpty());
}

TEST_F(LayoutDestinationTest, KeepsNoLieOfTheSource) {
  const auto layer = source_.layer("layer");
  const auto image = source_.image(source_.config("c"), {layer});
  source_.lie(layer.digest, "liars");
  EXPECT_EQ(error_of([&] {
              there_.push(source_, {{"q.example/a", image}});
            }),
            "blob '" + layer.digest.to_string() + "' in 'memory': its bytes are of '" +
                oci::Digest::of("liars").to_string() + "'");
  EXPECT_FALSE(fs::exists(path_of(layer)));
  EXPECT_FALSE(fs::exists(path_of(image)));
}

TEST_F(LayoutDestinationTest, PutsRightWhatWasCutShort) {
  const auto layer = source_.layer("layer");
  const auto image = source_.image(source_.config("c"), {layer});
  const auto index = source_.index({image});
  there_.push(source_, {{"q.example/a", index}});
  write_file(path_of(layer), "lay");
  write_file(path_of(image), std::string(source_.bytes(image).size(), 'x'));
  const auto report = there_.push(source_, {{"q.example/a", index}});
  EXPECT_EQ(report.blobs_uploaded, 1);
  EXPECT_EQ(report.manifests_put, 1);
  EXPECT_EQ(report.manifests_there, 1);
  EXPECT_EQ(read_file(path_of(layer)), "layer");
  EXPECT_EQ(read_file(path_of(image)), source_.bytes(image));
}

TEST_F(LayoutDestinationTest, SetsTagsOnlyOverWhatWasSeen) {
  const auto one = source_.image(source_.config("one"), {});
  const auto two = source_.image(source_.config("two"), {});
  there_.push(source_, {{"q.example/a", one}, {"q.example/a", two}});
  const auto put = [&](const oci::Descriptor& image, const std::optional<oci::Digest>& seen) {
    return there_.put_tags_if({put_of("q.example/a", "1", image)}, {{"q.example/a", "1", seen}});
  };
  EXPECT_TRUE(put(one, std::nullopt));
  EXPECT_FALSE(put(two, std::nullopt));
  EXPECT_EQ(there_.digest("q.example/a", "1"), one.digest);
  EXPECT_TRUE(put(two, one.digest));
  EXPECT_EQ(there_.digest("q.example/a", "1"), two.digest);
}

TEST_F(LayoutDestinationTest, TakesWhatTheSourceNoLongerHas) {
  const auto one = source_.image(source_.config("one"), {});
  there_.push(source_, {{"q.example/a", one}});
  MemorySource other;
  const auto index = other.index({one});
  EXPECT_EQ(there_.push(other, {{"q.example/a", index}}).manifests_put, 1);
}

TEST_F(LayoutDestinationTest, TakesManifestsAndIndexesAlone) {
  const auto config = source_.config("{}");
  EXPECT_EQ(error_of([&] {
              there_.push(source_, {{"q.example/a", config}});
            }),
            "'" + config.digest.to_string() + "' in 'memory': '" + config.media_type +
                "' is no type of a manifest or index");
  oci::Descriptor image = source_.image(config, {});
  image.media_type = oci::manifest_media_types()[3];
  EXPECT_EQ(error_of([&] {
              there_.push(source_, {{"q.example/a", image}});
            }),
            "'" + image.digest.to_string() + "' in 'memory': it says that it is '" +
                oci::manifest_media_types()[2] + "', its descriptor '" + image.media_type + "'");
}

}  // namespace
}  // namespace cairn::publish
