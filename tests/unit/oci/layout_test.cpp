// SPDX-License-Identifier: BSD-3-Clause
#include "oci/layout.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/lock.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace cairn::oci {
namespace {

namespace fs = std::filesystem;

class LayoutTest : public ::testing::Test {
 protected:
  fs::path folder() const { return temp_.path() / "layout"; }
  fs::path blobs() const { return folder() / "blobs" / "sha256"; }

  Descriptor descriptor(const std::string& bytes) {
    return {"application/vnd.oci.image.manifest.v1+json", Digest::of(bytes), bytes.size(),
            std::nullopt};
  }

  Descriptor put(const Layout& layout, const std::string& bytes) {
    auto blob = layout.new_blob(descriptor(bytes));
    blob.write(bytes);
    blob.commit();
    return descriptor(bytes);
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

  TempDir temp_{"cairn-layout-"};
};

TEST_F(LayoutTest, HoldsWhatWasPut) {
  const Layout layout = Layout::make(folder());
  const Descriptor one = put(layout, "one"), two = put(layout, "two");
  layout.list(one, "1");
  layout.list(two, "");
  EXPECT_EQ(layout.find("1").digest, one.digest);
  EXPECT_EQ(layout.find(two.digest.to_string()).digest, two.digest);
  EXPECT_TRUE(layout.has_blob(one));
  char text[10] = "";
  const FileDescriptor file = layout.open_blob(two, 1);
  EXPECT_EQ(::read(file.get(), text, sizeof text), 2);
  EXPECT_STREQ(text, "wo");
}

TEST_F(LayoutTest, MovesATag) {
  const Layout layout = Layout::make(folder());
  const Descriptor one = put(layout, "one"), two = put(layout, "two");
  layout.list(one, "");
  layout.list(one, "1");
  EXPECT_EQ(layout.find("").digest, one.digest);  // one entry, not two
  layout.list(two, "1");
  EXPECT_EQ(layout.find("1").digest, two.digest);
  EXPECT_EQ(read_json(folder() / "index.json")["manifests"].size(), 1U);
}

TEST_F(LayoutTest, ListsSeveralInOneStep) {
  const Layout layout = Layout::make(folder());
  const Descriptor one = put(layout, "one"), two = put(layout, "two"), three = put(layout, "three");
  layout.list_all({{one, "a:1"}, {one, "b:1"}, {two, ""}, {two, ""}, {three, ""}});
  EXPECT_EQ(read_json(folder() / "index.json")["manifests"].size(), 4U);
  layout.list_all({{two, "a:1"}, {three, "c:1"}});
  EXPECT_EQ(layout.names(), (std::vector<std::string>{"a:1", "b:1", "c:1"}));
  EXPECT_EQ(layout.find_name("a:1")->digest, two.digest);
  EXPECT_EQ(layout.find_name("b:1")->digest, one.digest);
  EXPECT_EQ(layout.find_name("c:1")->digest, three.digest);
  EXPECT_FALSE(layout.find_name(one.digest.to_string()));  // that is no name
  EXPECT_FALSE(layout.find_name(""));
  EXPECT_EQ(read_json(folder() / "index.json")["manifests"].size(), 3U);
}

TEST_F(LayoutTest, ListsNothingOverWhatWasNotSeen) {
  const Layout layout = Layout::make(folder());
  const Descriptor one = put(layout, "one"), two = put(layout, "two");
  EXPECT_TRUE(layout.list_all({{one, "a:1"}}, {{"a:1", std::nullopt}}));
  EXPECT_FALSE(layout.list_all({{two, "a:1"}}, {{"a:1", std::nullopt}}));
  EXPECT_FALSE(layout.list_all({{two, "a:1"}}, {{"a:1", two.digest}}));
  EXPECT_FALSE(layout.list_all({{two, "a:1"}}, {{"a:1", one.digest}, {"b:1", one.digest}}));
  EXPECT_EQ(layout.find_name("a:1")->digest, one.digest);
  EXPECT_TRUE(layout.list_all({{two, "a:1"}}, {{"a:1", one.digest}, {"b:1", std::nullopt}}));
  EXPECT_EQ(layout.find_name("a:1")->digest, two.digest);
}

TEST_F(LayoutTest, FindsNoNameThatTwoHave) {
  const Layout layout = Layout::make(folder());
  layout.list_all({{put(layout, "one"), "1"}, {put(layout, "two"), "1"}});
  EXPECT_EQ(error_of([&] { layout.find_name("1"); }),
            "'oci:@' holds 2 images under '1' | name one by its digest");
}

TEST_F(LayoutTest, ListsNoMoreThanCanBeRead) {
  const Layout layout = Layout::make(folder());
  const Descriptor one = put(layout, "one");
  layout.list(one, "1");
  const std::string before = read_file(folder() / "index.json");
  std::string name;
  name.resize(70'000'000, 'x');
  EXPECT_EQ(error_of([&] { layout.list(one, name); }),
            "layout 'oci:@': 'index.json' would be 70.0 MB long; at most 67.1 MB are read | name "
            "another folder, or take entries that nobody needs out of this one's 'index.json'");
  EXPECT_EQ(read_file(folder() / "index.json"), before);
}

TEST_F(LayoutTest, TellsTheSizeOfABlob) {
  const Layout layout = Layout::make(folder());
  EXPECT_EQ(layout.size_of(put(layout, "four").digest), 4U);
  EXPECT_EQ(layout.size_of(Digest::of("none")), std::nullopt);
}

TEST_F(LayoutTest, LeavesNothingOfWhatWasNotCommitted) {
  const Layout layout = Layout::make(folder());
  {
    auto blob = layout.new_blob(descriptor("half"));
    blob.write("ha");
    EXPECT_FALSE(layout.has_blob(descriptor("half")));
  }
  EXPECT_TRUE(fs::is_empty(blobs()));
}

TEST_F(LayoutTest, NamesWhatItHas) {
  const Layout layout = Layout::make(folder());
  EXPECT_EQ(error_of([&] { layout.find("1"); }),
            "nothing in 'oci:@' is '1' | name one by its digest");
  layout.list(put(layout, "one"), "1");
  layout.list(put(layout, "two"), "2");
  EXPECT_EQ(error_of([&] { layout.find("3"); }), "nothing in 'oci:@' is '3' | it has 1, 2");
  EXPECT_EQ(error_of([&] { layout.find(""); }),
            "'oci:@' holds 2 images | name one of them: it has 1, 2");
}

TEST_F(LayoutTest, IsNoOtherFolder) {
  EXPECT_EQ(error_of([&] { Layout::open(folder()); }),
            "opening layout 'oci:@': No such file or directory | name a folder with an OCI image "
            "layout");
  fs::create_directory(folder());
  const std::string no_layout =
      "'oci:@' is no OCI image layout: expected a file 'oci-layout' with version 1.0.0 | name a "
      "folder with an OCI image layout";
  EXPECT_EQ(error_of([&] { Layout::open(folder()); }), no_layout);
  write_file(folder() / "oci-layout", R"({"imageLayoutVersion": "2.0.0"})");
  EXPECT_EQ(error_of([&] { Layout::open(folder()); }), no_layout);
  write_file(folder() / "oci-layout", "nonsense");
  EXPECT_EQ(error_of([&] { Layout::open(folder()); }), no_layout);
}

TEST_F(LayoutTest, ReadsNothingThroughALink) {
  const Layout layout = Layout::make(folder());
  const Descriptor blob = descriptor("secret");
  write_file(temp_.path() / "outside", "secret");
  fs::create_symlink(temp_.path() / "outside", blobs() / blob.digest.hex());
  const std::string linked =
      "layout 'oci:@': '" + blob.digest.hex() + "': it is a link, or reached through one";
  EXPECT_EQ(error_of([&] { layout.open_blob(blob, 0); }), linked);
  EXPECT_EQ(error_of([&] { layout.has_blob(blob); }), linked);
  fs::rename(folder() / "index.json", temp_.path() / "index.json");
  fs::create_symlink(temp_.path() / "index.json", folder() / "index.json");
  EXPECT_EQ(error_of([&] { layout.find(""); }),
            "layout 'oci:@': 'index.json': it is a link, or reached through one");
  fs::rename(folder() / "blobs", temp_.path() / "blobs");
  fs::create_symlink(temp_.path() / "blobs", folder() / "blobs");
  EXPECT_EQ(error_of([&] { layout.open_blob(blob, 0); }),
            "layout 'oci:@': 'blobs': it is a link, or reached through one");
}

TEST_F(LayoutTest, ReadsNothingThatIsNoFile) {
  const Layout layout = Layout::make(folder());
  const Descriptor blob = descriptor("x");
  ::mkfifo((blobs() / blob.digest.hex()).c_str(), 0600);  // and does not wait for its writer
  EXPECT_EQ(error_of([&] { layout.open_blob(blob, 0); }),
            "layout 'oci:@': '" + blob.digest.hex() + "': it is no regular file");
}

TEST_F(LayoutTest, RefusesPathsInDigestsAndOtherSizes) {
  const Layout layout = Layout::make(folder());
  const auto entry = [&](const std::string& digest) {
    write_file(folder() / "index.json",
               R"({"manifests": [{"mediaType": "x", "size": 1, "digest": ")" + digest + "\"}]}");
    return error_of([&] { layout.find(""); });
  };
  EXPECT_EQ(entry("sha256:../../../etc/passwd"),
            "invalid digest 'sha256:../../../etc/passwd': expected 'sha256:' and 64 lower-case hex "
            "digits");
  Descriptor blob = put(layout, "four");
  blob.size = 5;
  EXPECT_FALSE(layout.has_blob(blob));
  EXPECT_EQ(error_of([&] { layout.open_blob(blob, 0); }),
            "layout 'oci:@': blob '" + blob.digest.to_string() +
                "' is 4 bytes long, its descriptor says 5");
  EXPECT_EQ(error_of([&] { layout.open_blob(descriptor("none"), 0); }),
            "layout 'oci:@': blob '" + descriptor("none").digest.to_string() + "' is missing");
}

TEST_F(LayoutTest, ReadsNoListWithoutEnd) {
  const Layout layout = Layout::make(folder());
  fs::resize_file(folder() / "index.json", 80000000);
  EXPECT_EQ(error_of([&] { layout.find(""); }),
            "layout 'oci:@': 'index.json' is 80.0 MB long; at most 67.1 MB are read | name another "
            "folder, or take entries that nobody needs out of this one's 'index.json'");
}

TEST_F(LayoutTest, HoldsTheTagsOfManyReleases) {
  const Layout layout = Layout::make(folder());
  const Descriptor one = put(layout, "one");
  std::vector<std::pair<Descriptor, std::string>> entries;
  for (int n = 0; n < 20000; ++n)
    entries.emplace_back(one, "quay.io/me/base-notebook:2026-11-24-" + std::to_string(n));
  layout.list_all(entries);
  EXPECT_GT(fs::file_size(folder() / "index.json"), 5000000U);
  layout.list(put(layout, "two"), "another");
  EXPECT_EQ(layout.names().size(), 20001U);
}

TEST_F(LayoutTest, IsNotMadeOverWhatAnotherHasListedMeanwhile) {
  const Layout other = Layout::make(temp_.path() / "other");
  other.list(put(other, "one"), "1");
  fs::create_directory(folder());
  auto lock = std::make_unique<FileLock>(folder() / "index.lock", "", nullptr);
  const auto late = std::async(std::launch::async, [&] { Layout::make(folder()); });
  EXPECT_EQ(late.wait_for(std::chrono::milliseconds(200)), std::future_status::timeout);
  EXPECT_FALSE(fs::exists(folder() / "index.json"));
  for (const char* name : {"index.json", "oci-layout"})
    write_file(folder() / name, read_file(other.folder() / name));
  lock.reset();
  late.wait();
  EXPECT_EQ(Layout::open(folder()).names(), std::vector<std::string>{"1"});
}

}  // namespace
}  // namespace cairn::oci
