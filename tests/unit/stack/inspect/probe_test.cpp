// SPDX-License-Identifier: BSD-3-Clause
#include "stack/inspect/probe.hpp"

#include "base/error.hpp"

#include <gtest/gtest.h>

namespace cairn::stack {
namespace {

using Tags = std::vector<std::string>;

Probe probe_of(const std::string& name, const std::string& match = {}, Tags tags = {}) {
  if (tags.empty()) tags = {name + "-{version}"};
  return {name, {name, "--version"}, match, tags, "foundation"};
}

std::string error_of(const Probe& probe, const CommandOutput& output, std::string* hint = nullptr) {
  try {
    evaluate_probe(probe, output);
  } catch (const UserError& error) {
    if (hint != nullptr) *hint = error.hint();
    return error.what();
  }
  return "no error";
}

TEST(Probe, ReadsTheFirstWordThatStartsWithADigit) {
  const std::pair<CommandOutput, const char*> cases[] = {
      {{0, "Python 3.11.2\n", ""}, "3.11.2"},
      {{0, "openjdk 17.0.12 2024-07-16\n", ""}, "17.0.12"},
      {{0, "R version 4.2.2 Patched (2022-11-10 r83330)\n", ""}, "4.2.2"},
      {{0, "git version 2.39.5, built\n", ""}, "2.39.5"},
      {{0, "", "   /___/ .__/\\_,_/_/ /_/\\_\\   version 4.3.0\n"}, "4.3.0"},
      {{0, "banner\n", "9.1\n"}, "9.1"},
      {{0, "4.6.1", ""}, "4.6.1"},
  };
  for (const auto& [output, version] : cases) {
    EXPECT_EQ(evaluate_probe(probe_of("x"), output).version.text, version);
  }
}

TEST(Probe, ReadsWhatMatchSaysLineByLine) {
  const Probe ubuntu = probe_of("ubuntu", "^VERSION_ID=\"(.+)\"$");
  EXPECT_EQ(evaluate_probe(ubuntu, {0, "NAME=1\nVERSION_ID=\"24.04\"\n", ""}).tags,
            Tags{"ubuntu-24.04"});
  const Probe torch = probe_of("pytorch", "Version: ([^+]+)");
  EXPECT_EQ(evaluate_probe(torch, {0, "", "Version: 2.9.0+cpu\n"}).tags, Tags{"pytorch-2.9.0"});
}

TEST(Probe, FillsTheParts) {
  const Probe probe = probe_of("python", "", {"python-{major}.{minor}", "{patch}", "v{version}"});
  const ProbeResult result = evaluate_probe(probe, {0, "Python 3.11.2rc1", ""});
  EXPECT_EQ(result.tags, (Tags{"python-3.11", "2", "v3.11.2rc1"}));
  EXPECT_EQ(result.from, "foundation");
}

TEST(Probe, GivesOneTagOnce) {
  const Probe probe = probe_of("ubuntu", "", {"{major}.{minor}", "{version}"});
  EXPECT_EQ(evaluate_probe(probe, {0, "24.04", ""}).tags, Tags{"24.04"});
}

TEST(Probe, SaysThatItFailed) {
  std::string hint;
  EXPECT_EQ(error_of(probe_of("lab"), {127, "", "sh: exec: lab: not found\n"}, &hint),
            "probe 'lab' failed with status 127: lab --version\nsh: exec: lab: not found");
  EXPECT_EQ(hint, "is the program in the image and on its PATH? look with: cairn shell");
  EXPECT_EQ(error_of(probe_of("lab"), {1, "", ""}),
            "probe 'lab' failed with status 1: lab --version");
}

TEST(Probe, SaysThatNothingRunsTheArchitecture) {
  std::string hint;
  EXPECT_EQ(error_of(probe_of("lab"), {126, "", "exec /usr/bin/lab: Exec format error\n"}, &hint),
            "probe 'lab' failed with status 126: lab --version\n"
            "exec /usr/bin/lab: Exec format error");
  EXPECT_EQ(hint,
            "nothing here runs programs of that architecture: install qemu-user-static and let it "
            "register itself with the kernel (binfmt_misc), or build on such a machine");
}

TEST(Probe, SaysThatItPrintedNothing) {
  std::string hint;
  EXPECT_EQ(error_of(probe_of("lab"), {0, " \n", ""}, &hint),
            "probe 'lab' printed nothing: lab --version");
  EXPECT_EQ(hint, "a probe prints a version; try its command in the image: cairn shell");
}

TEST(Probe, SaysThatItPrintedNoVersion) {
  std::string hint;
  EXPECT_EQ(error_of(probe_of("lab"), {0, "hello\nworld\n", ""}, &hint),
            "probe 'lab' printed no word that starts with a digit: lab --version\nhello\nworld");
  EXPECT_EQ(hint, "say where the version stands: MATCH [[version (.+)]]");
  EXPECT_EQ(error_of(probe_of("lab", "V(.)"), {0, "hello", ""}),
            "probe 'lab' printed nothing that matches 'V(.)': lab --version\nhello");
}

TEST(Probe, RefusesAnInvalidTag) {
  std::string hint;
  EXPECT_EQ(error_of(probe_of("torch"), {0, "2.9.0+cpu", ""}, &hint),
            "probe 'torch' gives the invalid tag 'torch-2.9.0+cpu': torch --version");
  EXPECT_EQ(hint,
            "a tag has letters, digits, '_', '.' and '-', at most 128; cut the version with MATCH");
  const std::string long_version = "1" + std::string(127, '0');
  EXPECT_EQ(error_of(probe_of("a"), {0, long_version, ""}),
            "probe 'a' gives the invalid tag 'a-" + long_version + "': a --version");
}

TEST(Probe, RefusesWhatATemplateCannotHave) {
  std::string hint;
  EXPECT_EQ(error_of(probe_of("u", "", {"u-{patch}"}), {0, "24.04", ""}, &hint),
            "probe 'u': tag 'u-{patch}' needs a patch number, and '24.04' has none");
  EXPECT_EQ(hint, "write TAGS u-{version}");
  EXPECT_EQ(error_of(probe_of("u", "", {"u-{micro}"}), {0, "24.04", ""}, &hint),
            "probe 'u': tag 'u-{micro}' has an unknown placeholder '{micro}'");
  EXPECT_EQ(hint, "the placeholders are {version} {major} {minor} {patch}");
}

}  // namespace
}  // namespace cairn::stack
