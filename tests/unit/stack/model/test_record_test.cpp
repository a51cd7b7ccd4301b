// SPDX-License-Identifier: BSD-3-Clause
#include "stack/model/test_record.hpp"

#include "fake_stack.hpp"

#include <gtest/gtest.h>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

TestRecord whole_record() {
  TestRecord record;
  record.target = "web";
  record.test = "starts";
  record.kind = "command";
  record.status = TestStatus::failed;
  record.config_digest = "sha256:1";
  record.test_key = std::string(64, 'a');
  record.seconds = 1.5;
  record.reason = "exit status 1";
  record.results = {{"case", TestStatus::skipped, 0.5, "no network"}};
  return record;
}

class TestRecordFile : public ::testing::Test {
 protected:
  fs::path file() const { return folder_.path() / "starts.json"; }
  std::optional<TestRecord> read(const std::string& text) const {
    write_file(file(), text);
    return TestRecord::read_if_present(file());
  }

  TempDir folder_{"cairn-test-record-"};
};

TEST_F(TestRecordFile, GivesBackAllThatWasWritten) {
  const auto record = read(whole_record().to_text());
  ASSERT_TRUE(record);
  EXPECT_EQ(record->to_text(), whole_record().to_text());
  EXPECT_EQ(record->status, TestStatus::failed);
  EXPECT_EQ(record->results.at(0).message, "no network");
}

TEST_F(TestRecordFile, WhatCannotBeReadIsNone) {
  EXPECT_FALSE(TestRecord::read_if_present(file()));
  const std::string text = whole_record().to_text();
  for (const std::string& damaged :
       {std::string(), std::string("[]"), text.substr(0, text.size() / 2),
        std::string(R"({"schema": "cairn/test-record/2"})"),
        std::string(R"({"schema": "cairn/test-record/1", "seconds": "x"})"),
        std::string(R"({"schema": "cairn/test-record/1", "target": 1})")}) {
    EXPECT_FALSE(read(damaged)) << damaged;
  }
}

TEST_F(TestRecordFile, AStatusThatNobodyKnowsNeverPasses) {
  const auto record = read(R"({"schema": "cairn/test-record/1", "status": "great"})");
  ASSERT_TRUE(record);
  EXPECT_EQ(record->status, TestStatus::error);
}

TEST_F(TestRecordFile, TheKeyChangesWithAllThatATestDependsOn) {
  TestDescription test;
  test.declaration = "{}";
  const std::string before = make_test_key(test, "sha256:1", std::nullopt, {});
  EXPECT_EQ(before.size(), 64U);
  EXPECT_NE(make_test_key(test, "sha256:2", std::nullopt, {}), before);
  EXPECT_NE(make_test_key(test, "sha256:1", std::nullopt, {"--tmpfs=/x"}), before);
  EXPECT_NE(make_test_key(test, "sha256:1", "inputs", {}), before);
  TestDescription other = test;
  other.declaration = "{\"name\":\"x\"}";
  EXPECT_NE(make_test_key(other, "sha256:1", std::nullopt, {}), before);
  other = test;
  other.script = file().string();
  write_file(file(), "one");
  const std::string one = make_test_key(other, "sha256:1", std::nullopt, {});
  write_file(file(), "two");
  EXPECT_NE(make_test_key(other, "sha256:1", std::nullopt, {}), one);
}

TEST_F(TestRecordFile, WithoutTheKeyOfItsInputsNothingIsKnown) {
  TestDescription test;
  test.inputs = {"/x"};
  EXPECT_EQ(make_test_key(test, "sha256:1", std::nullopt, {}), "");
  EXPECT_EQ(make_test_key(test, "sha256:1", "k", {}).size(), 64U);
}

}  // namespace
}  // namespace cairn::stack
