// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/staging.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "stack/scan/context.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

class StagingTest : public ::testing::Test {
 protected:
  fs::path root() const { return folder_.path() / "context"; }

  void SetUp() override { fs::create_directory(root()); }

  BuildDescription image() const {
    BuildDescription image;
    image.target = "web";
    image.platform = oci::Platform::parse("linux/amd64");
    image.context = root().string();
    return image;
  }

  // What COPY . wants.
  dockerfile::ContextWants all() const {
    dockerfile::ContextWants wants;
    wants.sources.emplace_back();
    return wants;
  }

  TempDir folder_{"cairn-staging-test-"};
  KnownDigest nothing_known_ = [](const std::string&, const PathStamp&) { return std::nullopt; };
};

TEST_F(StagingTest, StagesWhatWasListedAndNothingElse) {
  write_file(root() / "app/run.sh", "#!/bin/sh\n");
  fs::permissions(root() / "app/run.sh", fs::perms(0755));
  write_file(root() / "secret", "not for images");
  const auto rules =
      dockerfile::IgnoreRules::parse("secret", dockerfile::IgnoreDialect::docker, "x");
  const fs::path stage = folder_.path() / "stage";
  fs::create_directory(stage);
  const auto staged = stage_context(image(), {rules, all(), dockerfile::Builder::buildkit}, stage);
  const auto listed = list_context(root().string(), rules, nothing_known_).entries;
  ASSERT_EQ(staged.size(), listed.size());
  for (std::size_t i = 0; i < staged.size(); ++i) {
    EXPECT_EQ(staged[i].path, listed[i].path);
    EXPECT_EQ(staged[i].digest, listed[i].digest);
  }
  EXPECT_FALSE(fs::exists(stage / "secret"));
  struct stat info {};
  ASSERT_EQ(::lstat((stage / "app/run.sh").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777U, 0755U);
  EXPECT_EQ(info.st_mtim.tv_sec, kStagedTime);
  ASSERT_EQ(::lstat((stage / "app").c_str(), &info), 0);
  EXPECT_EQ(info.st_mtim.tv_sec, kStagedTime);
}

TEST_F(StagingTest, RefusesAGeneratedProgramOfAnotherMachine) {
  std::string head(
      "\x7f"
      "ELF\x02\x01\x01",
      7);
  head.resize(64, '\0');
  head[18] = static_cast<char>(183);  // EM_AARCH64
  write_file(folder_.path() / "made/tool", head);
  BuildDescription foreign = image();
  foreign.generated.push_back({(folder_.path() / "made").string(), "app"});
  try {
    hash_context(foreign, {{}, all(), dockerfile::Builder::buildkit});
    FAIL() << "it was taken";
  } catch (const UserError& error) {
    EXPECT_STREQ(error.what(), "'app/tool' is built for arm64, but image 'web' is for linux/amd64");
  }
}

}  // namespace
}  // namespace cairn::stack
