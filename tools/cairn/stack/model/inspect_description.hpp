// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace cairn::stack {

/// A command whose output becomes tags.
struct Probe {
  std::string name;
  std::vector<std::string> command;
  std::string match;              ///< regular expression; empty: the first word with a digit
  std::vector<std::string> tags;  ///< templates: `python-{major}.{minor}`
  std::string from;               ///< the image that declared it
};

/// Commands whose outputs become a part of the build manifest.
struct Section {
  std::string name;
  std::string title;
  std::vector<std::vector<std::string>> headline;  ///< printed bare
  std::vector<std::vector<std::string>> commands;  ///< printed in blocks
  std::string from;
};

/// What to ask of one finished image: inspect.json.
struct InspectDescription {
  std::string target;
  std::vector<Probe> probes;
  std::vector<Section> sections;
  int time_limit = 300;  ///< seconds, for all commands together
  std::string repository_url;
  std::string source_dir;

  static InspectDescription read(const std::filesystem::path& path);

  /// 64 hex digits over everything that decides the inspection record, with a format version.
  std::string digest() const;
  /// Every command of the probes and sections once, in the order in which they are declared.
  std::vector<std::vector<std::string>> commands() const;
};

}  // namespace cairn::stack
