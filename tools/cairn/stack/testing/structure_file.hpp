// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cairn::stack {

/// `key`, `value`, and whether the value is a regular expression.
struct StructureValue {
  std::string key, value;
  bool is_regex = false;
};

struct StructureCommand {
  std::string name;
  std::vector<std::vector<std::string>> setup, teardown;
  std::vector<StructureValue> environment;
  std::vector<std::string> argv;
  int exit_code = 0;
  std::vector<std::string> expected_output, excluded_output, expected_error, excluded_error;
};

struct StructureExistence {
  std::string name, path;
  bool should_exist = true;
  std::string permissions;  ///< as Go prints a mode: `-rw-r--r--`, `dtrwxrwxrwx`
  std::optional<int> uid, gid;
  std::string executable_by;  ///< owner, group, other, any
};

struct StructureContent {
  std::string name, path;
  std::vector<std::string> expected, excluded;
};

struct StructureMetadata {
  std::vector<StructureValue> environment, labels;
  std::vector<std::string> unbound_environment;
  std::vector<std::string> exposed_ports, unexposed_ports, volumes, unmounted_volumes;
  std::optional<std::vector<std::string>> entrypoint, cmd;
  std::optional<std::string> working_dir, user;
};

/// A container-structure-test file of schema 2.0.0, as it is.
struct StructureFile {
  std::vector<StructureValue> global_environment;
  std::vector<StructureCommand> commands;
  std::vector<StructureExistence> existence;
  std::vector<StructureContent> contents;
  std::optional<StructureMetadata> metadata;
  std::string run_user;
  bool run_tty = false;
  std::vector<std::string> run_flags;  ///< of containerRunOptions, for the engine

  /// Reads and checks all of it. Throws UserError `<path>:<line>:<column>: …`, also for a key that
  /// the format does not have: a check that is not carried out must not pass.
  static StructureFile read(const std::filesystem::path& path);
};

}  // namespace cairn::stack
