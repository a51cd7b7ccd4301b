// SPDX-License-Identifier: BSD-3-Clause
#include "../../../support/built_image.hpp"
#include "testing_fixture.hpp"

namespace cairn::stack {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

class HostTest : public TestingFixture {
 protected:
  HostTest() { test.kind = TestKind::host; }
  /// The name that the test had is gone again.
  ~HostTest() override { EXPECT_THAT(info().names, ElementsAre("quay.io/me/app:latest")); }

  void shell(const std::string& script) { test.command = {"sh", "-c", script}; }
  /// The command writes `xml` to its JUnit file and ends with `status`.
  void write_junit(const std::string& xml, int status = 0) {
    test.junit = "{junit}";
    shell("cat >{junit} <<'END'\n" + xml + "\nEND\necho said; exit " + std::to_string(status));
  }
};

TEST_F(HostTest, HasPlaceholders) {
  shell("echo \"$A {ref} {image} {variant} {platform} {other} ${HOME:+set}\"; pwd");
  test.environment = {{"A", "<{image}>"}};
  test.working_dir = folder.path();
  EXPECT_EQ(verdict(), "passed");
  EXPECT_THAT(outcome.log, MatchesRegex("<app> test.cairn.invalid/app:cairn-test-[0-9a-f]{16} app "
                                        "cuda12 linux/amd64 \\{other\\} set\n.*\n"));
  EXPECT_THAT(outcome.log, HasSubstr("\n" + folder.path().string() + "\n"));
  ASSERT_EQ(world->calls.size(), 2U);
  EXPECT_THAT(world->calls[0], StartsWith("tag sha256:11 test.cairn.invalid/app:cairn-test-"));
  EXPECT_EQ(world->calls[1], "untag" + world->calls[0].substr(std::string("tag sha256:11").size()));
}

TEST_F(HostTest, FindsTheEngine) {
  const testing::ScopedVariable outer("DOCKER_HOST", "outer");
  shell("echo \"$DOCKER_HOST\"");
  world->endpoint.url = "unix:///s";
  run();
  EXPECT_EQ(outcome.log, "unix:///s\n");
  test.environment = {{"DOCKER_HOST", "own"}};
  run();
  EXPECT_EQ(outcome.log, "own\n");
}

TEST_F(HostTest, JudgesAsAContainerIsJudged) {
  shell("echo out; echo err >&2; exit 3");
  EXPECT_EQ(verdict(), "failed: expected exit status 0, got 3");
  EXPECT_EQ(outcome.log, "out\nerr\n");
  test.expect_exit = 3;
  EXPECT_EQ(verdict(), "passed");
  test.expect_stderr = "out";
  EXPECT_EQ(verdict(), "failed: stderr does not match 'out'");
  shell("echo no docker; exit 77");
  EXPECT_EQ(verdict(), "skipped: no docker");
}

TEST_F(HostTest, EndsWithItsTimeLimit) {
  shell("echo begun; sleep 60");
  test.time_limit = 1;
  EXPECT_EQ(verdict(), "failed: not ended within 1.0 s");
  EXPECT_EQ(outcome.log, "begun\n");
}

TEST_F(HostTest, IsAnErrorWhereTheProgramIsMissing) {
  test.command = {"no-such-program-here"};
  EXPECT_THAT(verdict(), HasSubstr("error: "));
  EXPECT_THAT(outcome.log, HasSubstr("no-such-program-here"));
}

TEST_F(HostTest, ReadsSingleResults) {
  write_junit(
      "<testsuite><testcase name='a'/><testcase name='b'><skipped/></testcase>"
      "</testsuite>");
  EXPECT_EQ(verdict(), "passed");
  ASSERT_EQ(outcome.results.size(), 2U);
  EXPECT_EQ(outcome.results[1].status, TestStatus::skipped);
}

TEST_F(HostTest, IsNeverBetterThanItsSingleResults) {
  write_junit("<testsuite><testcase name='a'/><testcase name='b'><error/></testcase></testsuite>");
  EXPECT_EQ(verdict(), "failed: 1 of 2 single tests failed");
  write_junit("<testsuite><testcase name='a'><skipped/></testcase></testsuite>");
  EXPECT_EQ(verdict(), "skipped: all 1 single tests were skipped");
  write_junit("<testsuite/>");
  EXPECT_EQ(verdict(), "failed: no single test in JUnit file '" + junit().string() + "'");
  write_junit("<testsuite><testcase name='a'/></testsuite>", 1);
  EXPECT_EQ(verdict(), "failed: expected exit status 0, got 1");
}

TEST_F(HostTest, MustWriteItsJUnitFileItself) {
  file("t.xml", "<testsuite><testcase name='of an older run'/></testsuite>");
  test.junit = "{junit}";
  shell("true");
  EXPECT_EQ(verdict(), "failed: wrote no JUnit file '" + junit().string() + "'");
}

TEST_F(HostTest, KeepsItsLogBesideADamagedJUnitFile) {
  write_junit("<testsuite><testcase");
  EXPECT_EQ(verdict(), "error: " + junit().string() +
                           ":1: invalid JUnit XML: error parsing start element tag");
  EXPECT_EQ(outcome.log, "said\n" + outcome.reason + "\n");
  write_junit("<testsuite", 2);
  EXPECT_EQ(verdict(), "failed: expected exit status 0, got 2");
}

TEST_F(HostTest, LeavesTheOnlyNameOfAnImage) {
  info().names.clear();
  shell("true");
  EXPECT_EQ(verdict(), "passed");
  // Without another name the image itself would go with this one.
  ASSERT_EQ(info().names.size(), 1U);
  info().names = {"quay.io/me/app:latest"};
}

}  // namespace
}  // namespace cairn::stack
