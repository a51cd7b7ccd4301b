// SPDX-License-Identifier: BSD-3-Clause
#include "stack/model/layout.hpp"

#include "fake_stack.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;
using cairn::testing::thrown_by;
using ::testing::ElementsAre;

class Layout : public ::testing::Test {
 protected:
  const fs::path& build() const { return folder_.path(); }
  fs::path add_image(const std::string& target, const std::string& arch) {
    const fs::path image = build() / "cairn/images" / target / arch;
    write_file(image / "build.json", "{}");
    images_.push_back(image.string());
    write_file(build() / "cairn/family.stack.json", pretty_json({{"images", images_}}));
    return image;
  }
  std::vector<fs::path> found(const std::string& name) const {
    std::vector<fs::path> paths;
    for (const ImageFolder& folder : find_images(build(), name))
      paths.push_back(folder.path);
    return paths;
  }

 private:
  TempDir folder_{"cairn-layout-test-"};
  Json images_ = Json::array();
};

TEST_F(Layout, FindsStackFilesFromWhateverIsNamed) {
  const fs::path cairn = build() / "cairn";
  write_file(cairn / "b.stack.json", "{}");
  write_file(cairn / "a.stack.json", "{}");
  write_file(cairn / "images/x/y.stack.json", "{}");
  EXPECT_THAT(find_stack_files(build()),
              ElementsAre(cairn / "a.stack.json", cairn / "b.stack.json"));
  EXPECT_THAT(find_stack_files(cairn), ElementsAre(cairn / "a.stack.json", cairn / "b.stack.json"));
  EXPECT_THAT(find_stack_files(cairn / "b.stack.json"), ElementsAre(cairn / "b.stack.json"));
}

TEST_F(Layout, FindsThemForEachConfiguration) {
  const fs::path cairn = build() / "cairn";
  write_file(cairn / "Release/a.stack.json", "{}");
  write_file(cairn / "Debug/a.stack.json", "{}");
  EXPECT_THAT(find_stack_files(build()),
              ElementsAre(cairn / "Debug/a.stack.json", cairn / "Release/a.stack.json"));
}

TEST_F(Layout, SaysWhereAStackWouldBe) {
  EXPECT_EQ(thrown_by([&] { find_stack_files(build()); }),
            "no image stack in '" + build().string() +
                "'\nhint: name a configured build folder: cairn status -C build/x86_64");
}

TEST_F(Layout, FindsImagesByTargetArchOrFolder) {
  const fs::path amd = add_image("base-notebook", "x86_64");
  const fs::path arm = add_image("base-notebook", "aarch64");
  add_image("web", "x86_64");
  EXPECT_THAT(found("base-notebook"), ElementsAre(amd, arm));
  EXPECT_THAT(found("base-notebook/aarch64"), ElementsAre(arm));
  EXPECT_THAT(found(arm.string()), ElementsAre(arm));
}

TEST_F(Layout, NamesTheNearestImage) {
  add_image("base-notebook", "x86_64");
  EXPECT_EQ(
      thrown_by([&] { found("base-notebok"); }),
      "no image 'base-notebok' in '" + build().string() + "'\nhint: did you mean 'base-notebook'?");
  EXPECT_EQ(thrown_by([&] { found("zzz"); }),
            "no image 'zzz' in '" + build().string() +
                "'\nhint: its images are listed by: cairn status -C " + build().string());
}

}  // namespace
}  // namespace cairn::stack
