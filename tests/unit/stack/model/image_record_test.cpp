// SPDX-License-Identifier: BSD-3-Clause
#include "stack/model/image_record.hpp"

#include "fake_stack.hpp"

#include <gtest/gtest.h>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;
using cairn::testing::thrown_by;

ImageRecord whole_record() {
  ImageRecord record;
  record.stack = "family";
  record.target = "web";
  record.image = "web";
  record.variant = "cuda12";
  record.repository = "quay.io/me/web";
  record.platform = "linux/amd64";
  record.arch = "x86_64";
  record.engine_id = "sha256:1";
  record.config_digest = "sha256:2";
  record.identity = "3";
  record.build_key = "4";
  record.input_key = "5";
  record.source_key = "6";
  record.endpoint = "engine A";
  record.created = "2026-11-24T14:00:00Z";
  record.size = 6'000'000'000;
  record.bound_name = "cairn.invalid/x:y";
  record.local_name = "quay.io/me/web:latest";
  record.parents = {{"base", "i", "c", "k"}};
  record.bases = {{"docker.io/library/debian:12", "d"}};
  record.seconds = 1.5;
  record.revision = "abc";
  record.healthcheck = true;
  return record;
}

class Record : public ::testing::Test {
 protected:
  fs::path file() const { return folder_.path() / "image.json"; }
  /// A value of null takes the member away.
  std::string refusal(const Json& more) const {
    Json object = Json::parse(whole_record().to_text());
    object.merge_patch(more);
    write_file(file(), pretty_json(object));
    return thrown_by([&] { ImageRecord::read(file()); });
  }
  std::string in_file(const std::string& text) const { return file().string() + ": " + text; }
  std::string damaged(const std::string& text) const {
    return in_file(text) + "\nhint: remove it, and the step that wrote it makes it again: rm " +
           file().string();
  }

 private:
  TempDir folder_{"cairn-record-test-"};
};

TEST_F(Record, GivesBackAllThatWasWritten) {
  write_file(file(), whole_record().to_text());
  const ImageRecord read = ImageRecord::read(file());
  EXPECT_EQ(read.to_text(), whole_record().to_text());
  EXPECT_EQ(read.size, 6'000'000'000U);
  EXPECT_EQ(read.parents[0].build_key, "k");
  EXPECT_EQ(read.bases[0].identity, "d");
  EXPECT_TRUE(read.healthcheck);
}

TEST_F(Record, SaysWhetherTheSourceTreeHadChanges) {
  ImageRecord record = whole_record();
  EXPECT_EQ(record.to_text().find("dirty"), std::string::npos);
  EXPECT_EQ(record.whole_revision(), "abc");
  record.dirty = true;
  write_file(file(), record.to_text());
  record = ImageRecord::read(file());
  EXPECT_TRUE(record.dirty);
  EXPECT_EQ(record.revision, "abc");
  EXPECT_EQ(record.whole_revision(), "");
}

TEST_F(Record, KnowsTheParentItStandsOn) {
  ImageRecord record = whole_record();
  EXPECT_EQ(record.base_parent(), nullptr);  // only copied from, or of before it was noted
  record.parents.push_back({"other", "i2", "c2", "k2"});
  record.base = "other";
  ASSERT_NE(record.base_parent(), nullptr);
  EXPECT_EQ(record.base_parent()->identity, "i2");
  record.base = "docker.io/library/debian:12";
  EXPECT_EQ(record.base_parent(), nullptr);
}

TEST_F(Record, AMissingFileIsNone) {
  EXPECT_FALSE(ImageRecord::read_if_present(file()));
}

TEST_F(Record, NeedsWhatOthersDependOn) {
  for (const char* member :
       {"stack", "target", "image", "repository", "platform", "arch", "engine_id", "config_digest",
        "identity", "build_key", "input_key", "source_key", "endpoint", "created"}) {
    EXPECT_EQ(refusal({{member, nullptr}}),
              damaged(std::string("expected a string at '") + member + "'"));
  }
  EXPECT_EQ(refusal({{"parents", {{{"target", "x"}}}}}),
            damaged("expected a string at 'identity'"));
  EXPECT_EQ(refusal({{"bases", {{{"identity", "x"}}}}}),
            damaged("expected a string at 'reference'"));
}

TEST_F(Record, NamesTheFileWhateverIsWrongInIt) {
  EXPECT_EQ(refusal({{"size", "big"}}),
            damaged("a member is of another type than cairn/image-record/1 says"));
  EXPECT_EQ(refusal({{"healthcheck", 1}}), damaged("expected true or false at 'healthcheck'"));
  EXPECT_EQ(refusal({{"schema", "cairn/image-record/2"}}),
            in_file("expected schema 'cairn/image-record/1', got 'cairn/image-record/2'") +
                "\nhint: configure again, so that the files are written by this version of Cairn");
}

TEST_F(Record, HalfAFileIsDamage) {
  const std::string text = whole_record().to_text();
  write_file(file(), text.substr(0, text.size() / 2));
  EXPECT_EQ(thrown_by([&] { ImageRecord::read(file()); }).find(file().string() + ":"), 0U);
  write_file(file(), "");
  EXPECT_EQ(thrown_by([&] { ImageRecord::read(file()); }).find(file().string() + ":1: not JSON"),
            0U);
}

}  // namespace
}  // namespace cairn::stack
