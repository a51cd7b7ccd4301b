// SPDX-License-Identifier: BSD-3-Clause
#include "base/file.hpp"
#include "base/text.hpp"
#include "publish_fixture.hpp"

namespace cairn::publish {
namespace {

class HooksTest : public PublishTest {
 protected:
  void hook(const std::string& script) {
    family_.description["hooks"] = {
        {{"name", "note"},
         {"command", {"sh", "-c", script, "sh", "{kind} {image} {platform} {ref}"}}}};
  }
  std::vector<std::string> notes() const {
    return split_lines(plain(read_file_if_present(note()).value_or("")));
  }
  std::filesystem::path note() const { return family_.root() / "notes"; }
};

TEST_F(HooksTest, RunOnceForEachDigestBeforeAnyTagMoves) {
  hook("echo \"$1\" >> " + note().string());
  destination_.before = [&](const std::string& step) {
    if (step == "PUT quay.io/me/base:latest") {
      EXPECT_EQ(notes().size(), 6U);
    }
  };
  publish();
  EXPECT_THAT(notes(),
              ::testing::ElementsAre("manifest base linux/amd64 memory/quay.io/me/base@sha256:…",
                                     "manifest base linux/arm64 memory/quay.io/me/base@sha256:…",
                                     "index base  memory/quay.io/me/base@sha256:…",
                                     "manifest web linux/amd64 memory/quay.io/me/web@sha256:…",
                                     "manifest web linux/arm64 memory/quay.io/me/web@sha256:…",
                                     "index web  memory/quay.io/me/web@sha256:…"));
  place_.tags.clear();
  publish();
  EXPECT_EQ(notes().size(), 6U);
}

TEST_F(HooksTest, RunForWhatIsNewOrMovesElsewhere) {
  hook("echo \"$1\" >> " + note().string());
  publish();
  family_.description["tags"] = {"latest", "2.0"};
  EXPECT_GT(publish().moved, 0);
  EXPECT_EQ(notes().size(), 6U);
  become("2");
  publish();
  EXPECT_EQ(notes().size(), 12U);
}

TEST_F(HooksTest, RunAgainWhereTheStoreHasForgotten) {
  hook("echo \"$1\" >> " + note().string());
  publish();
  std::filesystem::remove_all(family_.store() / "hooks");
  publish();
  EXPECT_EQ(notes().size(), 6U);
  family_.description["tags"] = {"latest", "2.0"};
  publish();
  EXPECT_EQ(notes().size(), 12U);
}

TEST_F(HooksTest, RunForWhatAReleaseNamedAndPutUnderNoTag) {
  publish();
  hook("echo \"$1\" >> " + note().string());
  family_.image("web").created = "2026-11-23T00:20:00Z";
  become("2");
  publish();
  EXPECT_EQ(notes().size(), 3U);
  for (const char* name : {"latest", "x86_64-latest", "aarch64-latest"})
    place_.tags.erase({"quay.io/me/web", name});
  EXPECT_EQ(publish().moved, 3);
  EXPECT_EQ(notes().size(), 6U);
}

TEST_F(HooksTest, RunInTheRepositoryThatAnImageHasMovedTo) {
  hook("echo \"$1\" >> " + note().string());
  publish();
  family_.image("web").image = "site";
  publish();
  EXPECT_THAT(notes(), ::testing::Contains("index web  memory/quay.io/me/site@sha256:…"));
}

TEST_F(HooksTest, RunBeforeATagMovesThatSomebodyElseRemovedMeanwhile) {
  publish();
  hook("echo \"$1\" >> " + note().string());
  family_.image("web").content = "2";
  options_.fresh = std::chrono::milliseconds(0);
  bool is_leased = false;
  destination_.before = [&](const std::string& step) {
    if (step == "PUT quay.io/me/base:cairn-release" && !is_leased) {
      place_.tags.erase({"quay.io/me/base", "latest"});
      is_leased = true;
    }
    if (step != "PUT quay.io/me/base:latest") return;
    EXPECT_THAT(notes(), ::testing::Contains("index base  memory/quay.io/me/base@sha256:…"));
  };
  publish();
  EXPECT_NE(tag("base", "latest"), "");
  EXPECT_THAT(notes(), ::testing::Contains("index base  memory/quay.io/me/base@sha256:…"));
}

TEST_F(HooksTest, RunAgainForWhatWasPushedAndNeverReleased) {
  hook("echo \"$1\" >> " + note().string());
  fail_at("PUT quay.io/me/base:cairn-release", Error("no lease"));
  EXPECT_THROW(publish(), Error);
  EXPECT_EQ(notes().size(), 6U);
  std::filesystem::remove_all(family_.store() / "hooks");
  publish();
  EXPECT_EQ(notes().size(), 12U);
}

TEST_F(HooksTest, FailureStopsTheReleaseBeforeAnyTagMoves) {
  hook("echo no key >&2; exit 3");
  const std::string told = thrown_by([&] { publish(); });
  EXPECT_TRUE(
      told.starts_with("hook 'note' failed for 'memory/quay.io/me/base@sha256:…' with exit "
                       "status 3:\nno key\nhint: no tag has moved; try it by hand: sh -c "))
      << told;
  EXPECT_TRUE(tags().empty());
  EXPECT_FALSE(entry());
}

}  // namespace
}  // namespace cairn::publish
