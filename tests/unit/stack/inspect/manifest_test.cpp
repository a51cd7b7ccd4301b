// SPDX-License-Identifier: BSD-3-Clause
#include "stack/inspect/manifest.hpp"

#include "base/file.hpp"
#include "base/process.hpp"

#include <gtest/gtest.h>

namespace cairn::stack {
namespace {

const std::string kCommit = "0123456789abcdef0123456789abcdef01234567";
const std::string kUrl = "https://github.com/me/family";

ImageRecord record_of(const std::string& variant = {}) {
  ImageRecord record;
  record.image = "scipy-notebook";
  record.variant = variant;
  record.repository = "quay.io/me/scipy-notebook";
  record.platform = "linux/arm64";
  record.arch = "aarch64";
  record.config_digest = "sha256:abcdef0123456789" + std::string(48, '0');
  record.created = "2026-11-24T14:00:00Z";
  record.size = 1943000000;
  return record;
}

TEST(Manifest, HasBuildInfoAndSections) {
  Inspection inspection;
  inspection.sections = {
      {"Python Packages",
       {{{"python", "--version"}, "Python 3.11.2\n"}},
       {{{"pip", "list"}, "\nnumpy  1.24  \nscipy  1.10\n\n"}, {{"sh", "-c", "a `b`"}, "```\n"}}},
      {"R Packages", {}, {{{"R", "--version"}, "R 4.2.2"}}}};
  EXPECT_EQ(
      render_manifest(record_of(), inspection, {kCommit, "Add scipy\n\nFor plots.", ""}, kUrl),
      std::string(R"(# Build manifest for image: scipy-notebook on linux/arm64

## Build Info

- Build timestamp: 2026-11-24T14:00:00Z
- Docker image: `quay.io/me/scipy-notebook:aarch64-latest`
- Platform: linux/arm64
- Docker image size: 1.94 GB
- Config digest: `sha256:abcdef0123456789000000000000000000000000000000000000000000000000`
- Git commit SHA: [)") +
          kCommit + "](" + kUrl + "/commit/" + kCommit + R"raw()
- Git commit message:

```text
Add scipy

For plots.
```

## Python Packages

Python 3.11.2

`pip list`:

```text
numpy  1.24
scipy  1.10
```

`` sh -c 'a `b`' ``:

````text
```
````

## R Packages

`R --version`:

```text
R 4.2.2
```
)raw");
}

TEST(Manifest, SaysNoMoreThanIsKnown) {
  const std::string known = R"(# Build manifest for image: scipy-notebook (cuda12) on linux/arm64

## Build Info

- Build timestamp: 2026-11-24T14:00:00Z
- Docker image: `quay.io/me/scipy-notebook:aarch64-cuda12-latest`
- Platform: linux/arm64
- Docker image size: 1.94 GB
- Config digest: `sha256:abcdef0123456789000000000000000000000000000000000000000000000000`
)";
  EXPECT_EQ(render_manifest(record_of("cuda12"), {}, {}, kUrl), known);
  EXPECT_EQ(render_manifest(record_of("cuda12"), {}, {kCommit, "", ""}, ""),
            known + "- Git commit SHA: `0123456789abcdef0123456789abcdef01234567`\n");
}

TEST(Manifest, FencesWhatHoldsFences) {
  EXPECT_EQ(fenced("a"), "```text\na\n```\n");
  EXPECT_EQ(fenced("\n  \n  a\t\r\n\nb\n\n"), "```text\n  a\n\nb\n```\n");
  EXPECT_EQ(fenced("`````"), "``````text\n`````\n``````\n");
  EXPECT_EQ(fenced(""), "```text\n\n```\n");
}

TEST(History, IsOneRowOfATable) {
  const std::vector<std::string> references{"r/x:aarch64-latest", "r/x:aarch64-python-3.11",
                                            "r/x:aarch64-lts-latest"};
  const std::string front =
      "| `2026-11-24T14:00:00Z` | `r/x:aarch64-python-3.11`<br />"
      "`r/x:aarch64-lts-latest` | ";
  EXPECT_EQ(render_history(record_of(), references, {}, kUrl),
            front + "[Build manifest](./aarch64-default-scipy-notebook-abcdef012345) |\n");
  EXPECT_EQ(render_history(record_of("cuda12"), references, {kCommit, "", "x/Dockerfile"}, ""),
            front + "[Build manifest](./aarch64-cuda12-scipy-notebook-abcdef012345) |\n");
  EXPECT_EQ(render_history(record_of(), references, {kCommit, "", "x/Dockerfile"}, kUrl),
            front + "[Git diff](" + kUrl + "/commit/" + kCommit + ")<br />[Dockerfile](" + kUrl +
                "/blob/" + kCommit + "/x/Dockerfile)<br />" +
                "[Build manifest](./aarch64-default-scipy-notebook-abcdef012345) |\n");
  EXPECT_EQ(render_history(record_of(), {"r/x:aarch64-latest"}, {}, ""),
            "| `2026-11-24T14:00:00Z` |  | "
            "[Build manifest](./aarch64-default-scipy-notebook-abcdef012345) |\n");
}

class SourceRevisionTest : public ::testing::Test {
 protected:
  SourceRevisionTest() {
    description_.source_dir = source();
    build_.dockerfile = source() + "/images/app/Dockerfile";
  }
  std::string source() const { return folder_.path() / "source"; }
  void git(const std::vector<std::string>& arguments) const {
    Command command;
    command.argv = {"git", "-C", source(), "-c", "user.name=n", "-c", "user.email=e"};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    run_checked(command);
  }
  void make_repository() const {
    write_file(build_.dockerfile, "FROM scratch\n");
    git({"init", "-q"});
    git({"add", "."});
    git({"commit", "-q", "-m", "First\n\nWhy."});
  }

  TempDir folder_{"cairn-revision-"};
  ImageRecord record_;
  BuildDescription build_;
  InspectDescription description_;
};

TEST_F(SourceRevisionTest, AsksGit) {
  make_repository();
  const SourceRevision source = find_source_revision(record_, build_, description_);
  EXPECT_EQ(source.commit.size(), 40U);
  EXPECT_EQ(source.message, "First\n\nWhy.");
  EXPECT_EQ(source.dockerfile, "images/app/Dockerfile");
}

TEST_F(SourceRevisionTest, IsOfTheCommitThatWasBuilt) {
  make_repository();
  record_.revision = find_source_revision(record_, build_, description_).commit;
  git({"commit", "-q", "--allow-empty", "-m", "Second"});
  const SourceRevision source = find_source_revision(record_, build_, description_);
  EXPECT_EQ(source.commit, record_.revision);
  EXPECT_EQ(source.message, "First\n\nWhy.");
}

TEST_F(SourceRevisionTest, HasNoPathOfARecipeOutside) {
  make_repository();
  build_.dockerfile = folder_.path() / "Dockerfile";
  EXPECT_EQ(find_source_revision(record_, build_, description_).dockerfile, "");
}

TEST_F(SourceRevisionTest, IsEmptyOutsideOfARepository) {
  write_file(build_.dockerfile, "FROM scratch\n");
  const SourceRevision source = find_source_revision(record_, build_, description_);
  EXPECT_EQ(source.commit + source.message + source.dockerfile, "");
  description_.source_dir.clear();
  EXPECT_EQ(find_source_revision(record_, build_, description_).commit, "");
}

}  // namespace
}  // namespace cairn::stack
