// SPDX-License-Identifier: BSD-3-Clause
#include "remote_fixture.hpp"

namespace cairn::remote {
namespace {

using PushVerb = RemoteTest;

TEST_F(PushVerb, PushesWhatIsExportedAndMovesNoTag) {
  const Answer answer = run_to("place", {"push"});
  EXPECT_EQ(answer.error, "");
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_THAT(answer.out,
              ::testing::StartsWith("pushed 'oci:@/place:quay.io/me/base@sha256:…' (linux/amd64)\n"
                                    "pushed 'oci:@/place:quay.io/me/base@sha256:…' (linux/arm64)\n"
                                    "pushed 'oci:@/place:quay.io/me/web@sha256:…' (linux/amd64)\n"
                                    "pushed 'oci:@/place:quay.io/me/web@sha256:…' (linux/arm64)\n"
                                    "pushed 'oci:@/place:quay.io/me/other@sha256:…' (linux/amd64)\n"
                                    "pushed 'oci:@/place:quay.io/me/other@sha256:…' (linux/arm64)\n"
                                    "6 manifests put, 0 there; "));
  EXPECT_TRUE(tags("place").empty());
  EXPECT_THAT(run_to("place", {"push"}).out, ::testing::HasSubstr("\n0 manifests put, 6 there; "));
}

TEST_F(PushVerb, PushesOneImageOrOnePlatform) {
  const Json all = json("place", {"push", "web", "base/aarch64"});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0]["schema"], "cairn/push-report/1");
  EXPECT_EQ(all[0]["stack"], "family");
  std::vector<std::string> pushed;
  for (const Json& one : all[0]["pushed"]) {
    const std::string target = one.at("target"), platform = one.at("platform");
    pushed.push_back(target + " " + platform);
  }
  EXPECT_THAT(pushed,
              ::testing::ElementsAre("base linux/arm64", "web linux/amd64", "web linux/arm64"));
  EXPECT_EQ(all[0]["counts"]["manifests_put"], 3);
}

TEST_F(PushVerb, AsksForNoTests) {
  std::filesystem::remove_all(family.folder("web").path / "tests");
  EXPECT_EQ(run_to("place", {"push", "web"}).error, "");
}

TEST_F(PushVerb, TakesWhatThisMachineHas) {
  std::filesystem::remove_all(family.folder("base", "linux/arm64").path);
  EXPECT_THAT(run_to("place", {"push", "base"}).out, ::testing::HasSubstr("1 manifests put"));
}

TEST_F(PushVerb, RefusesWhatIsNotExported) {
  std::filesystem::remove(family.folder("base").export_record());
  const Answer built = run_to("place", {"push"});
  EXPECT_EQ(built.exit_code, 1);
  EXPECT_EQ(built.error,
            "cairn: error: 'base' (linux/amd64) is not exported\n"
            "cairn: hint: cairn export @/build/cairn/images/base/x86_64");
  std::filesystem::remove_all(family.folder("base").path);
  EXPECT_EQ(run_to("place", {"push", "base/x86_64"}).error,
            "cairn: error: there is no export of 'base/x86_64'\n"
            "cairn: hint: cairn export base/x86_64");
  EXPECT_EQ(run_to("place", {"push", "bsae"}).exit_code, 1);
  std::filesystem::remove_all(family.build() / "cairn/images");
  std::filesystem::create_directory(family.build() / "cairn/images");
  EXPECT_EQ(run_to("place", {"push"}).error,
            "cairn: error: nothing of stack 'family' is exported\n"
            "cairn: hint: cmake --build <build folder> --target family-images-export");
}

TEST_F(PushVerb, NamesTheImageOfABlobThatIsNotThere) {
  std::filesystem::remove_all(family.store() / "oci/blobs/sha256");
  std::filesystem::create_directory(family.store() / "oci/blobs/sha256");
  EXPECT_THAT(run_to("place", {"push", "other/x86_64"}).error,
              ::testing::StartsWith("cairn: error: 'other' (linux/amd64): neither 'oci:@/place' "
                                    "nor the store '@/store' has 'sha256:…'\ncairn: hint: "));
}

TEST_F(PushVerb, KnowsItsStacks) {
  EXPECT_EQ(run_to("place", {"push", "--stack", "famly"}).error,
            "cairn: error: no stack 'famly' in '@/build'\ncairn: hint: did you mean 'family'?");
  EXPECT_EQ(run_to("place", {"push", "--stack", "zzzzzz"}).error,
            "cairn: error: no stack 'zzzzzz' in '@/build'\n"
            "cairn: hint: its stacks are: family");
}

}  // namespace
}  // namespace cairn::remote
