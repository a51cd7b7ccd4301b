// SPDX-License-Identifier: BSD-3-Clause
#include "stack/testing/structure_file.hpp"

#include "base/error.hpp"
#include "base/file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::stack {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class StructureFileTest : public ::testing::Test {
 protected:
  StructureFile read(const std::string& text) const {
    write_file(path(), "schemaVersion: 2.0.0\n" + text);
    return StructureFile::read(path());
  }

  /// The complaint without the folder, and its hint behind ` | `.
  std::string complaint(const std::string& text) const {
    try {
      read(text);
    } catch (const UserError& error) {
      std::string what = error.what();
      if (what.rfind(folder_.path().string() + "/", 0) == 0) {
        what.erase(0, folder_.path().string().size() + 1);
      }
      return error.hint().empty() ? what : what + " | " + error.hint();
    }
    return "no complaint";
  }

  std::string path() const { return folder_.path() / "f.yaml"; }

  TempDir folder_{"cairn-structure-test-"};
};

TEST_F(StructureFileTest, ReadsCommands) {
  const StructureFile file = read(R"(
globalEnvVars: [{key: A, value: "1"}]
commandTests:
  - name: python
    setup: [[touch, /a], [touch, /b]]
    teardown: [[rm, /a]]
    envVars: [{key: B, value: "b+", isRegex: true}]
    command: python
    args: [-c, print(1)]
    exitCode: 3
    expectedOutput: ["^1$"]
    excludedError: ["warning"]
)");
  EXPECT_EQ(file.global_environment.at(0).value, "1");
  const StructureCommand& test = file.commands.at(0);
  EXPECT_EQ(test.name, "python");
  EXPECT_THAT(test.setup, ElementsAre(ElementsAre("touch", "/a"), ElementsAre("touch", "/b")));
  EXPECT_THAT(test.teardown, ElementsAre(ElementsAre("rm", "/a")));
  EXPECT_EQ(test.environment.at(0).key, "B");
  EXPECT_TRUE(test.environment.at(0).is_regex);
  EXPECT_THAT(test.argv, ElementsAre("python", "-c", "print(1)"));
  EXPECT_EQ(test.exit_code, 3);
  EXPECT_THAT(test.expected_output, ElementsAre("^1$"));
  EXPECT_THAT(test.excluded_error, ElementsAre("warning"));
  EXPECT_THAT(test.excluded_output, IsEmpty());
}

TEST_F(StructureFileTest, ReadsFiles) {
  const StructureFile file = read(R"(
fileExistenceTests:
  - {name: there, path: /a, permissions: "-rw-r--r--", uid: 0, gid: 100, isExecutableBy: any}
  - {name: gone, path: /b, shouldExist: false}
fileContentTests:
  - {name: content, path: /a, expectedContents: [x, y], excludedContents: [z]}
)");
  const StructureExistence& there = file.existence.at(0);
  EXPECT_EQ(there.permissions, "-rw-r--r--");
  EXPECT_EQ(there.uid, 0);
  EXPECT_EQ(there.gid, 100);
  EXPECT_EQ(there.executable_by, "any");
  EXPECT_TRUE(there.should_exist);
  EXPECT_FALSE(file.existence.at(1).should_exist);
  EXPECT_EQ(file.existence.at(1).uid, std::nullopt);
  EXPECT_THAT(file.contents.at(0).expected, ElementsAre("x", "y"));
  EXPECT_THAT(file.contents.at(0).excluded, ElementsAre("z"));
}

TEST_F(StructureFileTest, ReadsMetadata) {
  const StructureFile file = read(R"(
metadataTest:
  envVars: [{key: A, value: "1"}]
  unboundEnvVars: [{key: B}]
  exposedPorts: ["80"]
  entrypoint: []
  cmd: [serve]
  user: jovyan
)");
  ASSERT_TRUE(file.metadata);
  EXPECT_EQ(file.metadata->environment.at(0).key, "A");
  EXPECT_THAT(file.metadata->unbound_environment, ElementsAre("B"));
  EXPECT_THAT(file.metadata->exposed_ports, ElementsAre("80"));
  EXPECT_EQ(file.metadata->entrypoint, std::vector<std::string>());
  EXPECT_EQ(file.metadata->cmd, std::vector<std::string>{"serve"});
  EXPECT_EQ(file.metadata->user, "jovyan");
  EXPECT_EQ(file.metadata->working_dir, std::nullopt);
}

TEST_F(StructureFileTest, ReadsRunOptions) {
  const StructureFile file = read(R"(
containerRunOptions:
  {user: u, privileged: true, allocateTty: true, envFile: e, envVars: [A], capabilities: [C],
   bindMounts: ["/x:/y"]}
commandTests: [{name: n, command: c}]
)");
  EXPECT_EQ(file.run_user, "u");
  EXPECT_TRUE(file.run_tty);
  EXPECT_THAT(file.run_flags, ElementsAre("--privileged", "--env-file", "e", "--env", "A",
                                          "--cap-add", "C", "--volume", "/x:/y"));
}

TEST_F(StructureFileTest, NamesThePlaceOfWhatItDoesNotKnow) {
  EXPECT_EQ(complaint("commandTest: []\n"),
            "f.yaml:2:1: unknown key 'commandTest' in 'the file' | did you mean 'commandTests'?");
  EXPECT_EQ(complaint("fileContentTests: [{name: n, path: p, zzz: 1}]\n"),
            "f.yaml:2:39: unknown key 'zzz' in 'fileContentTests' | the keys are: "
            "excludedContents, expectedContents, name, path");
  EXPECT_EQ(complaint("licenseTests: [{debian: true}]\n"),
            "f.yaml:2:15: 'licenseTests' are not supported | check the files with "
            "fileContentTests instead");
}

TEST_F(StructureFileTest, NamesThePlaceOfAWrongValue) {
  EXPECT_EQ(complaint("commandTests: [{name: n, command: c, exitCode: one}]\n"),
            "f.yaml:2:48: expected a number, got 'one'");
  EXPECT_EQ(complaint("commandTests: [{name: n, command: c, args: a}]\n"),
            "f.yaml:2:44: expected a list at 'texts'");
  EXPECT_EQ(complaint("commandTests: [{name: n, command: c, setup: [a]}]\n"),
            "f.yaml:2:46: expected a list at 'texts'");
  EXPECT_EQ(complaint("fileExistenceTests: [{name: n, path: p, shouldExist: maybe}]\n"),
            "f.yaml:2:54: expected true or false, got 'maybe'");
  EXPECT_EQ(complaint("fileExistenceTests: [{name: n, path: p, isExecutableBy: me}]\n"),
            "f.yaml:2:22: invalid isExecutableBy 'me' | one of owner, group, other, any");
  EXPECT_EQ(complaint("metadataTest: {user: [a]}\n"), "f.yaml:2:22: expected a text");
  EXPECT_EQ(complaint("globalEnvVars: [{value: v}]\n"), "f.yaml:2:17: expected a 'key'");
}

TEST_F(StructureFileTest, NamesWhatIsMissing) {
  EXPECT_EQ(complaint("commandTests: [{command: c}]\n"), "f.yaml:2:16: expected a 'name'");
  EXPECT_EQ(complaint("commandTests: [{name: n}]\n"), "f.yaml:2:16: expected a 'command' for 'n'");
  EXPECT_EQ(complaint("fileContentTests: [{name: n}]\n"), "f.yaml:2:20: expected a 'path' for 'n'");
  EXPECT_EQ(complaint("commandTests: []\n"), "f.yaml: no test in it");
}

TEST_F(StructureFileTest, RefusesAWholeThatHidesAPart) {
  EXPECT_EQ(complaint("metadataTest: {user: a}\nmetadataTest: {user: b}\n"),
            "f.yaml:3:1: 'metadataTest' is there twice in 'the file'");
  EXPECT_EQ(complaint("commandTests: [{name: n, command: c, exitCode: 1, exitCode: 0}]\n"),
            "f.yaml:2:51: 'exitCode' is there twice in 'commandTests'");
  EXPECT_EQ(
      complaint("commandTests: [{name: n, command: c}]\n---\nschemaVersion: 2.0.0\n"),
      "f.yaml: several YAML documents, expected one | give each a file and a test of its own");
}

TEST_F(StructureFileTest, RefusesWhatIsNoFileOfSchemaTwo) {
  const auto whole = [this](const std::string& text) {
    write_file(path(), text);
    try {
      StructureFile::read(path());
    } catch (const UserError& error) {
      return std::string(error.what()).substr(folder_.path().string().size() + 1);
    }
    return std::string("no complaint");
  };
  EXPECT_EQ(whole("schemaVersion: 1.0.0\n"),
            "f.yaml:1:1: expected schemaVersion 2.0.0, got '1.0.0'");
  EXPECT_EQ(whole("a: [\n"), "f.yaml:2:1: invalid YAML: end of sequence flow not found");
  EXPECT_EQ(whole("- a\n"), "f.yaml:1:1: expected keys and values at 'the file'");
  EXPECT_EQ(whole(""), "f.yaml: no test in it");
  EXPECT_EQ(whole("# all of it\n"), "f.yaml: no test in it");
  // yaml-cpp 0.7 finds empty documents in this for ever.
  EXPECT_EQ(whole("\"\"'',\n"), "f.yaml: several YAML documents, expected one");
  const std::string absent = folder_.path() / "absent";
  try {
    StructureFile::read(absent);
    FAIL() << "no complaint";
  } catch (const UserError& error) {
    EXPECT_EQ(error.what(), "cannot read structure file '" + absent + "'");
  }
}

}  // namespace
}  // namespace cairn::stack
