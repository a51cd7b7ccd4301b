// SPDX-License-Identifier: BSD-3-Clause
#include "stack/testing/junit.hpp"

#include "base/error.hpp"
#include "base/file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::stack {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// `<name> <status>: <message>` of each result, or what the file's error says.
std::vector<std::string> read(const std::string& xml) {
  const TempDir folder("cairn-junit-");
  write_file(folder.path() / "r.xml", xml);
  std::vector<std::string> lines;
  try {
    for (const TestResult& result : read_junit(folder.path() / "r.xml")) {
      lines.push_back(result.name + " " + to_string(result.status) + ": " + result.message);
    }
  } catch (const UserError& error) {
    return {std::string(error.what()).substr(folder.path().string().size() + 1)};
  }
  return lines;
}

TEST(JUnit, ReadsWhatPytestWrites) {
  EXPECT_THAT(
      read(R"(<?xml version="1.0" encoding="utf-8"?>
<testsuites><testsuite name="pytest" errors="1" failures="1" skipped="1" tests="4">
<testcase classname="tests.test_a" name="test_ok" time="0.5" />
<testcase classname="tests.test_a" name="test_bad"><failure message="assert 1 == 2">long
text</failure></testcase>
<testcase classname="tests.test_a" name="test_setup"><error>  no fixture
</error></testcase>
<testcase name="test_gpu"><skipped type="pytest.skip" message="no GPU">x</skipped></testcase>
</testsuite></testsuites>)"),
      ElementsAre("tests.test_a.test_ok passed: ", "tests.test_a.test_bad failed: assert 1 == 2",
                  "tests.test_a.test_setup error: no fixture", "test_gpu skipped: no GPU"));
}

TEST(JUnit, ReadsSuitesInSuites) {
  EXPECT_THAT(read("<testsuite><testsuite><testcase name='a'/></testsuite><testcase name='b'/>"
                   "<properties/></testsuite>"),
              ElementsAre("a passed: ", "b passed: "));
}

TEST(JUnit, NeverTakesWhatDidNotRunForAPass) {
  // GoogleTest's disabled tests and CTest's tests without an executable.
  EXPECT_THAT(
      read("<testsuite><testcase name='a' status='notrun' result='suppressed'/>"
           "<testcase name='b' status='disabled'/>"
           "<testcase name='c' result='skipped'/>"
           "<testcase name='d' status='run' result='completed'/></testsuite>"),
      ElementsAre("a skipped: notrun", "b skipped: disabled", "c skipped: skipped", "d passed: "));
}

TEST(JUnit, TakesTheWorstOfACase) {
  EXPECT_THAT(read("<testsuite><testcase name='a'><skipped/><failure message='f'/>"
                   "<error message='e'/></testcase></testsuite>"),
              ElementsAre("a error: e"));
}

TEST(JUnit, BelievesASuiteThatCountsFailuresOfNoCase) {
  EXPECT_THAT(read("<testsuites><testsuite name='s' failures='1' errors='2'>"
                   "<testcase name='a'/></testsuite></testsuites>"),
              ElementsAre("a passed: ",
                          "s error: the suite counts 1 failures and 2 errors, and "
                          "none of its cases is one"));
  EXPECT_THAT(read("<testsuite name='s'><error message='collection'/></testsuite>"),
              ElementsAre("s error: collection"));
}

TEST(JUnit, NamesTheLineOfWhatIsNoXml) {
  EXPECT_THAT(read("<testsuite>\n<testcase name='a'>\n"),
              ElementsAre("r.xml:2: invalid JUnit XML: start-end tags mismatch"));
  EXPECT_THAT(read(""), ElementsAre("r.xml:1: invalid JUnit XML: no document element found"));
}

TEST(JUnit, HasNoResultsWhereThereAreNone) {
  EXPECT_THAT(read("<testsuites/>"), IsEmpty());
  EXPECT_THAT(read("<html><testcase name='a'/></html>"), IsEmpty());
}

}  // namespace
}  // namespace cairn::stack
