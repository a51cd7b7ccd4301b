// SPDX-License-Identifier: BSD-3-Clause
#include "stack/testing/structure_checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn::stack {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

engine::FileInfo info(const std::string& mode, long uid, long gid) {
  return {mode, uid, gid, true, {}};
}

TEST(StructureChecks, PrintModesAsGoDoes) {
  const std::pair<const char*, const char*> cases[] = {{"-rw-r--r--", "-rw-r--r--"},
                                                       {"drwxr-xr-x", "drwxr-xr-x"},
                                                       {"drwxrwxrwt", "dtrwxrwxrwx"},
                                                       {"-rwsr-xr-x", "urwxr-xr-x"},
                                                       {"-rwxr-sr-x", "grwxr-xr-x"},
                                                       {"-rwSr--r--", "urw-r--r--"},
                                                       {"drwxrwsr-x", "dgrwxrwxr-x"},
                                                       {"lrwxrwxrwx", "Lrwxrwxrwx"},
                                                       {"prw-r--r--", "prw-r--r--"},
                                                       {"crw-rw-rw-", "Dcrw-rw-rw-"},
                                                       {"brw-rw----", "Drw-rw----"},
                                                       {"drwxrwxrwT", "dtrwxrwxrw-"},
                                                       {"short", "short"}};
  for (const auto& [unix_mode, go] : cases)
    EXPECT_EQ(go_mode(unix_mode), go);
}

TEST(StructureChecks, LookAtFiles) {
  StructureExistence test;
  test.path = "/a";
  EXPECT_THAT(check_existence(test, std::nullopt), ElementsAre("'/a' does not exist"));
  EXPECT_THAT(check_existence(test, info("-rw-r--r--", 0, 0)), IsEmpty());
  test.permissions = "-rwxr-xr-x";
  test.uid = 0;
  test.gid = 100;
  test.executable_by = "group";
  EXPECT_THAT(
      check_existence(test, info("-rwxr--r--", 1000, 1000)),
      ElementsAre("permissions of '/a': expected -rwxr-xr-x, got -rwxr--r--",
                  "owner of '/a': expected 0, got 1000", "group of '/a': expected 100, got 1000",
                  "'/a' is not executable by group (-rwxr--r--)"));
  EXPECT_THAT(check_existence(test, info("-rwxr-xr-x", 0, 100)), IsEmpty());
  engine::FileInfo unowned = info("-rwxr-xr-x", 0, 100);
  unowned.owner_known = false;
  EXPECT_THAT(check_existence(test, unowned), ElementsAre("this engine cannot tell whose '/a' is"));
  test.should_exist = false;
  EXPECT_THAT(check_existence(test, engine::FileInfo{}), ElementsAre("'/a' exists, and must not"));
  EXPECT_THAT(check_existence(test, std::nullopt), IsEmpty());
}

TEST(StructureChecks, KnowWhoMayExecute) {
  StructureExistence test;
  const auto may = [&test](const std::string& mode, const std::string& who) {
    test.executable_by = who;
    return check_existence(test, info(mode, 0, 0)).empty();
  };
  EXPECT_TRUE(may("-rwx------", "owner"));
  EXPECT_FALSE(may("-rwx------", "other"));
  EXPECT_TRUE(may("-rwx------", "any"));
  EXPECT_TRUE(may("drwxrwxrwt", "other"));
  EXPECT_TRUE(may("-rwxr-sr--", "group"));
  EXPECT_FALSE(may("-rwSr--r--", "owner"));
  EXPECT_FALSE(may("-rw-r--r--", "any"));
}

TEST(StructureChecks, LookIntoFiles) {
  const StructureContent test{"n", "/a", {"one", "t.o"}, {"three"}};
  EXPECT_THAT(check_content(test, "one two"), IsEmpty());
  EXPECT_THAT(check_content(test, "one three"),
              ElementsAre("'/a' does not match 't.o'", "'/a' matches 'three', which it must not"));
  EXPECT_THAT(check_content(test, std::nullopt), ElementsAre("'/a' does not exist"));
}

oci::ImageConfig config() {
  oci::ImageConfig config;
  config.env = {"PATH=/bin:/usr/bin", "EMPTY=", "BARE"};
  config.labels = {{"maintainer", "me"}};
  config.exposed_ports = {"80/tcp", "53/udp"};
  config.volumes = {"/data"};
  config.entrypoint = {"tini", "--"};
  config.cmd = {"start it"};
  config.working_dir = "/home/jovyan";
  config.user = "1000";
  return config;
}

TEST(StructureChecks, AcceptTheMetadataOfAnImage) {
  StructureMetadata test;
  test.environment = {{"PATH", "/usr/bin$", true}, {"EMPTY", "", false}, {"BARE", "", false}};
  test.labels = {{"maintainer", "me", false}};
  test.unbound_environment = {"HOME"};
  test.exposed_ports = {"80", "53/udp"};
  test.unexposed_ports = {"8080", "80/udp"};
  test.volumes = {"/data"};
  test.unmounted_volumes = {"/root"};
  test.entrypoint = {{"tini", "--"}};
  test.cmd = {{"start it"}};
  test.working_dir = "/home/jovyan";
  test.user = "1000";
  EXPECT_THAT(check_metadata(test, config()), IsEmpty());
}

TEST(StructureChecks, NameWhatDiffersInTheMetadata) {
  StructureMetadata test;
  test.environment = {{"PATH", "^/usr", true}, {"EMPTY", "x", false}, {"HOME", "", false}};
  test.labels = {{"maintainer", "you", false}};
  test.unbound_environment = {"BARE"};
  test.exposed_ports = {"81", "53"};
  test.unexposed_ports = {"80"};
  test.volumes = {"/root"};
  test.unmounted_volumes = {"/data"};
  test.entrypoint = std::vector<std::string>{};
  test.cmd = {{"start", "it"}};
  test.working_dir = "/";
  test.user = "";
  EXPECT_THAT(
      check_metadata(test, config()),
      ElementsAre("variable 'PATH': '/bin:/usr/bin' does not match '^/usr'",
                  "variable 'EMPTY': expected 'x', got ''", "variable 'HOME' is not set",
                  "variable 'BARE' is there, and must not be",
                  "label 'maintainer': expected 'you', got 'me'", "port '81/tcp' is missing",
                  "port '53/tcp' is missing", "port '80/tcp' is there, and must not be",
                  "volume '/root' is missing", "volume '/data' is there, and must not be",
                  "entrypoint: expected [], got [tini --]",
                  "cmd: expected [start it], got ['start it']",
                  "workdir: expected '/', got '/home/jovyan'", "user: expected '', got '1000'"));
}

}  // namespace
}  // namespace cairn::stack
