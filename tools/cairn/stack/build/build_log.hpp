// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace cairn::stack {

/// Everything an engine says while it builds one image: kept in a file, shown as it comes when
/// `verbose`, and its end remembered for the error message.
class BuildLog {
 public:
  BuildLog(const std::filesystem::path& path, bool verbose);
  ~BuildLog();
  BuildLog(const BuildLog&) = delete;
  BuildLog& operator=(const BuildLog&) = delete;

  engine::OutputSink sink();
  std::string tail(std::size_t lines) const;

 private:
  void add(std::string_view piece);
  int fd_ = -1;
  bool verbose_ = false;
  std::string end_;  ///< the last 64 KiB
};

}  // namespace cairn::stack
