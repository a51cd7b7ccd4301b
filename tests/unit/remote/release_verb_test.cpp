// SPDX-License-Identifier: BSD-3-Clause
#include "remote_fixture.hpp"

namespace cairn::remote {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using ReleaseVerb = RemoteTest;

TEST_F(ReleaseVerb, PlansWithoutWriting) {
  const Answer plan = run_to("place", {"release", "plan"});
  EXPECT_EQ(plan.error, "");
  EXPECT_THAT(plan.out, HasSubstr("quay.io/me/web:latest"));
  EXPECT_EQ(run_to("place", {"release", "publish", "--dry-run"}).out, plan.out);
  EXPECT_TRUE(tags("place").empty());
  const Json all = json("place", {"release", "plan"});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0]["schema"], "cairn/release-plan/1");
}

TEST_F(ReleaseVerb, PublishesOnce) {
  const Answer first = run_to("place", {"release", "publish"});
  EXPECT_EQ(first.error, "");
  EXPECT_THAT(first.out, HasSubstr(" in 'oci:@/place': 9 tags moved\n"));
  const auto published = tags("place");
  EXPECT_EQ(published.count("quay.io/me/base:latest"), 1U);
  EXPECT_EQ(published.count("quay.io/me/base:aarch64-latest"), 1U);
  EXPECT_EQ(published.count("quay.io/me/base:cairn-release"), 1U);
  EXPECT_EQ(published.size(), 10U);
  EXPECT_THAT(run_to("place", {"release", "publish"}).out,
              HasSubstr("\nnothing is new in 'oci:@/place'\n"));
  EXPECT_EQ(tags("place"), published);
}

TEST_F(ReleaseVerb, ReportsInJson) {
  const Json all = json("place", {"release", "publish"});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0]["schema"], "cairn/publish-report/1");
  EXPECT_EQ(all[0]["moved"], 9);
  EXPECT_EQ(all[0]["plan"]["schema"], "cairn/release-plan/1");
  EXPECT_EQ(all[0]["finished"], "");
}

TEST_F(ReleaseVerb, PublishesAnImageWithWhatItStandsOn) {
  EXPECT_EQ(run_to("place", {"release", "publish", "--only", "web"}).error, "");
  const auto published = tags("place");
  EXPECT_EQ(published.count("quay.io/me/base:latest"), 1U);
  EXPECT_EQ(published.count("quay.io/me/web:latest"), 1U);
  EXPECT_EQ(published.count("quay.io/me/other:latest"), 0U);
  EXPECT_EQ(run_to("place", {"release", "publish", "--only", "wbe"}).exit_code, 1);
}

TEST_F(ReleaseVerb, LeavesOutAnImageAndWhatStandsOnIt) {
  EXPECT_THAT(run_to("place", {"release", "publish", "--without", "base"}).out,
              HasSubstr("left out: base, web\n"));
  EXPECT_EQ(tags("place").count("quay.io/me/other:latest"), 1U);
  EXPECT_EQ(tags("place").count("quay.io/me/web:latest"), 0U);
}

TEST_F(ReleaseVerb, UploadsToAllDestinationsFirst) {
  const Answer answer = run(
      {"release", "publish", "-C", family.build(), "--to", layout("one"), "--to", layout("two")});
  EXPECT_EQ(answer.error, "");
  EXPECT_THAT(said, StartsWith("cairn: uploading to 'oci:@/one'\n"
                               "cairn: uploading to 'oci:@/two'\n"));
  EXPECT_THAT(answer.out, StartsWith("'oci:@/one':\n"));
  EXPECT_THAT(answer.out, HasSubstr("\n'oci:@/two':\n"));
  auto one = tags("one"), two = tags("two");
  one.erase("quay.io/me/base:cairn-release");  // each destination has a release of its own
  two.erase("quay.io/me/base:cairn-release");
  EXPECT_EQ(one, two);
}

TEST_F(ReleaseVerb, GoesWhereTheDescriptionSays) {
  family.description["destinations"] = {layout("declared")};
  family.write();
  EXPECT_EQ(run({"release", "publish", "-C", family.release_file()}).error, "");
  EXPECT_EQ(tags("declared").size(), 10U);
}

TEST_F(ReleaseVerb, NamesAllThatIsMissing) {
  std::filesystem::remove(family.folder("base").test_record("works"));
  std::filesystem::remove(family.folder("other").export_record());
  const Answer answer = run_to("place", {"release", "publish"});
  EXPECT_EQ(answer.exit_code, 1);
  EXPECT_THAT(answer.error, HasSubstr("'base' (linux/amd64)"));
  EXPECT_THAT(answer.error, HasSubstr("'other' (linux/amd64)"));
  EXPECT_EQ(answer.out, "");
}

TEST_F(ReleaseVerb, TakesAReleaseBack) {
  ASSERT_EQ(run_to("place", {"release", "publish"}).error, "");
  const auto first = tags("place");
  family.image("other").content = "2";
  family.write();
  ASSERT_EQ(run_to("place", {"release", "publish"}).error, "");
  ASSERT_NE(tags("place").at("quay.io/me/other:latest"), first.at("quay.io/me/other:latest"));
  const Answer answer =
      run({"release", "rollback", "--root", "quay.io/me/base", "--to", layout("place")});
  EXPECT_EQ(answer.error, "");
  EXPECT_THAT(answer.out, HasSubstr(" in 'oci:@/place' by release '"));
  EXPECT_THAT(answer.out, HasSubstr("': 3 tags restored\n"));
  EXPECT_EQ(tags("place").at("quay.io/me/other:latest"), first.at("quay.io/me/other:latest"));
}

TEST_F(ReleaseVerb, TakesNothingBackWhereNothingWasReplaced) {
  ASSERT_EQ(run_to("place", {"release", "publish"}).error, "");
  const Answer answer = run_to("place", {"release", "rollback"});
  EXPECT_EQ(answer.error, "");
  EXPECT_THAT(answer.out, HasSubstr("'quay.io/me/other:latest' stays: it was new\n"));
  EXPECT_THAT(answer.out, HasSubstr("\nnothing to take back of release '"));
  EXPECT_TRUE(answer.out.ends_with("' in 'oci:@/place'\n")) << answer.out;
}

TEST_F(ReleaseVerb, FinishesNothingWhereNothingIsOpen) {
  ASSERT_EQ(run_to("place", {"release", "publish"}).error, "");
  EXPECT_EQ(run_to("place", {"release", "resume"}).out, "no release is open in 'oci:@/place'\n");
  const Json all = json("place", {"release", "resume"});
  EXPECT_EQ(all, Json::parse(R"([{"schema": "cairn/resume-report/1",
                                  "destination": "'oci:@/place'", "finished": ""}])"));
}

TEST_F(ReleaseVerb, RefusesOptionsOfAnotherAction) {
  const Answer answer = run_to("place", {"release", "rollback", "--without", "web"});
  EXPECT_EQ(answer.exit_code, 2);
  EXPECT_EQ(answer.error,
            "cairn: error: '--without' is not for 'rollback'\n"
            "cairn: hint: it is for: plan, publish");
  EXPECT_EQ(run_to("place", {"release", "plan", "--dry-run"}).error,
            "cairn: error: '--dry-run' is not for 'plan'\ncairn: hint: it is for: publish");
  EXPECT_EQ(run_to("place", {"release", "publish", "--take-over"}).error,
            "cairn: error: '--take-over' is not for 'publish'\n"
            "cairn: hint: it is for: resume, rollback");
  EXPECT_EQ(run({"release", "--root", "quay.io/me/base"}).error,
            "cairn: error: action is required\ncairn: hint: cairn release --help");
}

TEST_F(ReleaseVerb, NeedsABuildFolder) {
  const auto folder = family.root() / "empty";
  std::filesystem::create_directory(folder);
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"release", "publish"}, {"doctor"}, {"push"}}) {
    std::vector<std::string> line = words;
    line.insert(line.end(), {"-C", folder.string()});
    const Answer answer = run(line);
    EXPECT_EQ(answer.exit_code, 1);
    EXPECT_THAT(answer.error, HasSubstr("'@/empty'"));
  }
}

}  // namespace
}  // namespace cairn::remote
