// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

namespace cairn::stack {

/// Lines that show that a long step lives. Ninja holds back what a command prints until it has
/// ended; so under Ninja these lines go to Ninja's own terminal or pipe, and otherwise to stderr
/// (docs/decisions/0004-live-lines.md).
class Progress {
 public:
  Progress();
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Prints `cairn: ` and `text` as one line.
  void line(const std::string& text) const;

 private:
  int fd_ = 2;
  bool terminal_ = false;
};

}  // namespace cairn::stack
