// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cairn::stack {

enum class TestKind { command, service, host, script, structure };

std::string to_string(TestKind kind);

/// One test of an image, as test.json holds it.
struct TestDescription {
  std::string name;
  TestKind kind = TestKind::command;
  std::string from;      ///< the image that declared it
  int time_limit = 300;  ///< seconds
  bool report = false;   ///< shown, never gates

  // How the container (or the host's command) is run.
  std::vector<std::string> command;
  std::optional<std::vector<std::string>> entrypoint;  ///< unset: the image's
  std::map<std::string, std::string> environment;
  std::string user, working_dir, network;
  bool tty = false;
  std::vector<std::string> run_flags;

  // What is expected of it. Empty expressions expect nothing.
  std::optional<int> expect_exit;  ///< unset: 0, and for a service anything
  std::string expect_stdout, expect_stderr, reject_stdout, reject_stderr;
  bool no_warnings = false;  ///< no line begins with WARNING or ERROR

  // service
  int wait_healthy = 0;  ///< seconds; 0: not waited for
  int wait_port = 0;     ///< seconds; 0: not waited for
  int port = 0;
  std::string http_get;  ///< path; empty: no request
  int expect_status = 200;
  std::string expect_body;

  std::string junit;                     ///< host: file read back, with placeholders
  std::string script;                    ///< script: file on this machine
  std::vector<std::string> interpreter;  ///< script: empty: its `#!` line, else by its name
  std::string file;                      ///< structure: file on this machine

  std::vector<std::string> inputs;
  std::string declaration;  ///< canonical JSON of all of the above: part of the test key
};

/// What a test reads on this machine: its inputs, script and structure file, of which any may be
/// missing.
std::vector<std::string> paths_of_test(std::vector<std::string> inputs, const std::string& script,
                                       const std::string& file);

/// The tests of one image on one platform: test.json, inherited ones first.
struct TestsDescription {
  std::string target;
  std::vector<TestDescription> tests;
  int slots = 0;  ///< at once; 0: as many as this machine has cores

  static TestsDescription read(const std::filesystem::path& path);
};

/// The key of inputs of which nothing is known: no test passes under it.
inline constexpr const char* kUnknownInputs =
    "0000000000000000000000000000000000000000000000000000000000000000";

/// The keys of declared inputs by test name: tests.key, as the scan writes it. A missing file
/// gives none, and unknown inputs are left out.
std::map<std::string, std::string> read_tests_key(const std::filesystem::path& path);

/// Writes into the tests.key at `path` what `test` has been run with, when that is not what the
/// scan saw: the next scan then finds that it must write the file again should the old inputs be
/// back, and Ninja tests again. Does nothing where no scan has written the file. `scan_lock` is
/// that of its stack: a scan, or the test beside this one, may write the file as well.
void note_tests_key(const std::filesystem::path& path, const std::filesystem::path& scan_lock,
                    const std::string& test, const std::string& key);

}  // namespace cairn::stack
