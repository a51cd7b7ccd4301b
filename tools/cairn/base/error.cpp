// SPDX-License-Identifier: BSD-3-Clause
#include "base/error.hpp"

#include <cerrno>
#include <cstring>

namespace cairn {

std::string format_error(const std::exception& error) {
  std::string text = "cairn: error: ";
  text += error.what();
  const auto* ours = dynamic_cast<const Error*>(&error);
  if (ours != nullptr && !ours->hint().empty()) {
    text += "\ncairn: hint: " + ours->hint();
  }
  return text;
}

void throw_errno(const std::string& doing, const std::string& path) {
  const int code = errno;
  throw Error(doing + " '" + path + "': " + std::strerror(code));
}

}  // namespace cairn
