// SPDX-License-Identifier: BSD-3-Clause
#include "stack/release/record_folders.hpp"

#include "release_fixture.hpp"

#include <gmock/gmock.h>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;

/// The family built by two machines, each with a tree of its own.
class Records : public ReleaseTest {
 protected:
  Records() {
    fs::remove_all(family.build());
    family.trees = {{"linux/arm64", "arm"}};
    family.write();
  }
  void set_records(const std::vector<fs::path>& folders) {
    Json records = Json::array();
    for (const fs::path& folder : folders)
      records.push_back(folder.string());
    change(family.release_file(), {{"records", records}});
  }
  void copy(const fs::path& from, const fs::path& to) {
    fs::create_directories(to.parent_path());
    fs::copy(from, to, fs::copy_options::recursive);
  }
};

TEST_F(Records, AreMergedFromAllTrees) {
  EXPECT_EQ(problems(), "");
  EXPECT_EQ(gathered().platforms.at({"base", arm64}).folder,
            family.root() / "arm/cairn/images/base/aarch64");
}

TEST_F(Records, AreFoundInWhateverFolderIsNamed) {
  const fs::path own = family.build() / "cairn";
  set_records({own, family.root() / "arm"});  // a build folder
  EXPECT_EQ(problems(), "");
  copy(family.root() / "arm/cairn", family.root() / "multi/cairn/Release");
  fs::remove_all(family.root() / "arm");
  set_records({own, family.root() / "multi"});
  EXPECT_EQ(problems(), "");
  set_records({own, family.root() / "multi/cairn"});
  EXPECT_EQ(problems(), "");
}

TEST_F(Records, OfOneFolderAreTakenOnce) {
  const fs::path own = family.build() / "cairn";
  fs::create_directory_symlink(family.root() / "arm", family.root() / "link");
  set_records({own, family.root() / "arm", family.root() / "arm/cairn", family.root() / "link"});
  EXPECT_EQ(problems(), "");
  fs::remove(family.folder("web", "linux/arm64").export_record());
  EXPECT_EQ(problems(),
            "'web' (linux/arm64): has not been exported\n"
            "  cairn export @/arm/cairn/images/web/aarch64\n");
}

TEST_F(Records, ThatAreMissingAreAProblem) {
  set_records({family.build() / "cairn", family.root() / "arm", family.root() / "riscv"});
  EXPECT_EQ(problems(),
            "no records in '@/riscv'\n  bring a folder that holds images/ there, or "
            "take it out of CAIRN_RECORDS_FROM\n");
}

TEST_F(Records, OfATreeThatBuildsNothingMayBeMissing) {
  copy(family.build() / "cairn/images", family.root() / "amd/images");
  fs::remove_all(family.build() / "cairn/images");
  set_records({family.build() / "cairn", family.root() / "arm", family.root() / "amd"});
  EXPECT_EQ(problems(), "");
}

TEST_F(Records, OfOnePlatformFromTwoTreesMustBeOfTheSameImage) {
  copy(family.root() / "arm/cairn/images", family.root() / "twin/images");
  set_records({family.build() / "cairn", family.root() / "arm", family.root() / "twin"});
  EXPECT_EQ(problems(), "");
  const fs::path twin = family.root() / "twin/images/web/aarch64";
  Json manifest = read_json(twin / "export.json").at("manifest");
  manifest["digest"] = "sha256:" + std::string(64, 'd');
  change(twin / "export.json", {{"manifest", manifest}});
  const std::string differ =
      "'web' (linux/arm64): two records of it that are not the same image: "
      "'@/arm/cairn/images/web/aarch64' and '@/twin/images/web/aarch64'\n"
      "  remove one of the two folders, or take its tree out of CAIRN_RECORDS_FROM\n";
  EXPECT_EQ(problems(), differ);
  fs::remove(twin / "export.json");
  EXPECT_EQ(problems(), differ);
  // What a tree only declares is no record.
  fs::remove(twin / "image.json");
  EXPECT_EQ(problems(), "");
}

TEST_F(Records, OfEqualImagesCountWhereOneOfThemWasTested) {
  copy(family.root() / "arm/cairn/images", family.root() / "twin/images");
  set_records({family.build() / "cairn", family.root() / "arm", family.root() / "twin"});
  fs::remove_all(family.folder("web", "linux/arm64").path / "tests");
  EXPECT_EQ(problems(), "");
  EXPECT_EQ(gathered().platforms.at({"web", arm64}).folder,
            family.root() / "twin/images/web/aarch64");
  fs::remove_all(family.root() / "twin/images/web/aarch64/tests");
  EXPECT_EQ(problems(),
            "'web' (linux/arm64): tests have not passed: 'works' (not run)\n"
            "  cairn test @/arm/cairn/images/web/aarch64; or say --allow-untested "
            "web\n");
}

TEST_F(Records, LeaveOutAnImageWithAllThatStandOnIt) {
  family.images = {{"base"}, {"web", "base"}, {"site", "web"}, {"tool", "base"}};
  family.write();
  fs::remove_all(family.folder("web").path);
  GateOptions options;
  options.without = {"web"};
  EXPECT_EQ(problems(options), "");
  EXPECT_THAT(gathered(options).left_out, ElementsAre("web", "site"));
  EXPECT_EQ(gathered(options).platforms.size(), 4U);
  options.without = {"base"};
  EXPECT_EQ(problems(options), "no image is left to publish\n");
}

TEST_F(Records, LeaveOutWhatStandsOnItByOneThatIsNotPublished) {
  family.images = {{"base"}, {"hidden", "base"}, {"site", "hidden"}, {"tool"}};
  family.image("hidden").published = false;
  family.write();
  GateOptions options;
  options.without = {"base"};
  EXPECT_EQ(problems(options), "");
  EXPECT_THAT(gathered(options).left_out, ElementsAre("base", "site"));
}

TEST_F(Records, LeaveOutByWhateverRecordNamesTheParent) {
  GateOptions options;
  options.without = {"base"};
  const auto left = [&] { return gathered(options).left_out; };
  for (const char* platform : {"linux/amd64", "linux/arm64"}) {
    const ImageFolder web = family.folder("web", platform);
    change(web.build_description(), {{"parents", Json::array()}});
    change(web.image_record(), {{"parents", Json::array()}});
  }
  EXPECT_THAT(left(), ElementsAre("base", "web"));
  for (const char* platform : {"linux/amd64", "linux/arm64"})
    fs::remove(family.folder("web", platform).export_record());
  EXPECT_THAT(left(), ElementsAre("base"));
  const Json parent = {{"target", "base"}, {"directory", "/d"}, {"repository", "quay.io/me/base"}};
  change(family.folder("web", "linux/arm64").build_description(), {{"parents", {parent}}});
  EXPECT_THAT(left(), ElementsAre("base", "web"));
}

}  // namespace
}  // namespace cairn::stack
