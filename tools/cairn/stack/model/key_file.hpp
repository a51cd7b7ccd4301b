// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cairn::stack {

/// The key file: what a scan says of one image. Ninja builds the image when its text changes.
struct KeyFile {
  std::string input;                ///< input key, 64 hex; empty when there is an error
  std::string source;               ///< source key, 64 hex
  std::string taken;                ///< what was keyed, without platform, bases and period, 64 hex;
                                    ///< empty in a key file of an older scan
  std::string period;               ///< of REFRESH, in which the scan was; it is in the key
  std::vector<std::string> doubts;  ///< why the whole context counts; they are in the key
  std::string error;  ///< why the image cannot be keyed: its build prints this and fails
  std::string hint;
  int absent = 0;  ///< how often the recorded image was found gone; never lowered

  std::string to_text() const;
  /// Throws Error when `text` is no key file.
  static KeyFile parse(const std::string& text, const std::string& where);
  static std::optional<KeyFile> read_if_present(const std::filesystem::path& path);
};

}  // namespace cairn::stack
