// SPDX-License-Identifier: BSD-3-Clause
#include "stack/model/test_description.hpp"

#include "base/lock.hpp"
#include "fake_stack.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;
using cairn::testing::thrown_by;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

class TestsFile : public ::testing::Test {
 protected:
  fs::path file() const { return folder_.path() / "test.json"; }
  TestsDescription read(const Json& test) const {
    write_file(file(),
               pretty_json(
                   {{"schema", "cairn/test-description/1"}, {"target", "web"}, {"tests", {test}}}));
    return TestsDescription::read(file());
  }
  std::string refusal(const Json& test) const {
    return thrown_by([&] { read(test); });
  }
  std::string in_file(const std::string& text) const { return file().string() + ": " + text; }
  std::string damaged(const std::string& text) const {
    return in_file(text) + "\nhint: configure again, so that it is written anew";
  }

 private:
  TempDir folder_{"cairn-tests-test-"};
};

TEST_F(TestsFile, NamesWhatATestLacks) {
  EXPECT_EQ(refusal({{"kind", "command"}}), damaged("expected a string at 'name'"));
  EXPECT_EQ(refusal({{"name", "t"}}), damaged("expected a string at 'kind'"));
  EXPECT_EQ(refusal({{"name", "t"}, {"kind", "host"}}),
            damaged("test 't' of kind 'host' needs 'command'"));
  EXPECT_EQ(refusal({{"name", "t"}, {"kind", "script"}}),
            damaged("test 't' of kind 'script' needs 'script'"));
  EXPECT_EQ(refusal({{"name", "t"}, {"kind", "structure"}}),
            damaged("test 't' of kind 'structure' needs 'file'"));
  EXPECT_EQ(refusal({{"name", "t"}, {"kind", "service"}, {"http_get", "/"}}),
            damaged("test 't' of kind 'service' needs 'port'"));
  EXPECT_EQ(refusal({{"name", "t"}, {"kind", "service"}, {"expect_stdout", "up"}}),
            damaged("test 't' of kind 'service' needs 'wait_healthy', 'wait_port' or 'http_get'"))
      << "its start alone says nothing";
}

TEST_F(TestsFile, NamesWhatNoTestMayBe) {
  EXPECT_EQ(refusal({{"name", "a/b"}, {"kind", "command"}}),
            in_file("invalid test name 'a/b'\n"
                    "hint: a test's name is also the name of its record: no '/'"));
  EXPECT_EQ(refusal({{"name", "t"}, {"kind", "comand"}}),
            in_file("test 't' has the unknown kind 'comand'\n"
                    "hint: the kinds are command, service, host, script, structure"));
  EXPECT_EQ(refusal({{"name", "t"}, {"kind", "command"}, {"expect_exit", "0"}}),
            damaged("expected a number at 'expect_exit'"));
  EXPECT_EQ(refusal({{"name", "t"}, {"kind", "command"}, {"tty", 1}}),
            damaged("expected true or false at 'tty'"));
}

TEST_F(TestsFile, WhatIsNotGivenHasItsDefault) {
  const TestDescription test = read({{"name", "t"}, {"kind", "command"}}).tests.at(0);
  EXPECT_EQ(test.time_limit, 300);
  EXPECT_FALSE(test.entrypoint);
  EXPECT_FALSE(test.expect_exit);
  EXPECT_EQ(test.expect_status, 200);
  EXPECT_TRUE(read({{"name", "t"}, {"kind", "command"}, {"entrypoint", Json::array()}})
                  .tests.at(0)
                  .entrypoint);
}

TEST_F(TestsFile, JunitIsAPathOrYes) {
  const auto junit = [&](const Json& value) {
    return read({{"name", "t"}, {"kind", "command"}, {"junit", value}}).tests.at(0).junit;
  };
  EXPECT_EQ(junit(true), "{junit}");
  EXPECT_EQ(junit(false), "");
  EXPECT_EQ(junit(nullptr), "");
  EXPECT_EQ(junit("out.xml"), "out.xml");
}

TEST_F(TestsFile, KeysOfInputsAreReadByName) {
  const std::string key(64, 'a');
  write_file(file(), "cairn-tests-key 1\n" + key + " a test\nnonsense\n" + key + " b\n");
  EXPECT_THAT(read_tests_key(file()), UnorderedElementsAre(Pair("a test", key), Pair("b", key)));
  EXPECT_TRUE(read_tests_key("/nowhere").empty());
}

TEST_F(TestsFile, AKeyOfWhatIsUnknownIsNone) {
  write_file(file(), std::string("cairn-tests-key 1\n") + kUnknownInputs + " a\n");
  EXPECT_TRUE(read_tests_key(file()).empty());
}

TEST_F(TestsFile, ATestNotesWhatItRanWith) {
  const std::string key(64, 'a');
  const std::string other(64, 'b');
  const std::string lock = file().string() + ".lock";
  note_tests_key(file(), lock, "a", other);
  EXPECT_FALSE(std::filesystem::exists(file())) << "no scan has been here";
  write_file(file(), "cairn-tests-key 1\n" + key + " a\n" + key + " a b\n");
  note_tests_key(file(), lock, "a", other);
  EXPECT_EQ(read_file(file()), "cairn-tests-key 1\n" + other + " a\n" + key + " a b\n");
  const auto written = std::filesystem::last_write_time(file());
  note_tests_key(file(), lock, "a", other);
  note_tests_key(file(), lock, "of another description", other);
  EXPECT_EQ(std::filesystem::last_write_time(file()), written);
}

TEST_F(TestsFile, ATestNotesNothingWhileAScanWrites) {
  const std::string key(64, 'a');
  const std::string other(64, 'b');
  const std::string lock = file().string() + ".lock";
  write_file(file(), "cairn-tests-key 1\n" + key + " a\n");
  std::thread test;
  {
    const FileLock scan(lock, "a scan", nullptr);
    test = std::thread([&] { note_tests_key(file(), lock, "a", other); });
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    write_file(file(), "cairn-tests-key 1\n" + key + " a\n" + key + " new\n");
  }
  test.join();
  EXPECT_EQ(read_file(file()), "cairn-tests-key 1\n" + other + " a\n" + key + " new\n");
}

}  // namespace
}  // namespace cairn::stack
