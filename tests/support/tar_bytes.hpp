// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <fmt/core.h>

#include <string>

namespace cairn::testing {

/// One entry of a tar archive (POSIX.1, ustar), written by hand: what engines write must be read,
/// not what our own writer would write. `type`: '0' file, '1' hard link, '2' symbolic link,
/// '5' folder.
inline std::string tar_entry(const std::string& name, const std::string& content, char type = '0',
                             const std::string& link = "") {
  constexpr std::size_t kBlock = 512;
  std::string header(kBlock, '\0');
  const auto put = [&](std::size_t at, const std::string& text) {
    header.replace(at, text.size(), text);
  };
  put(0, name);
  put(100, "0000644");
  put(108, "0000000");
  put(116, "0000000");
  put(124, fmt::format("{:011o}", content.size()));
  put(136, "00000000000");
  put(148, "        ");
  header[156] = type;
  put(157, link);
  put(257, "ustar");
  put(263, "00");
  unsigned sum = 0;
  for (const char c : header)
    sum += static_cast<unsigned char>(c);
  put(148, fmt::format("{:06o}", sum));
  header[154] = '\0';
  const std::size_t padding = (kBlock - content.size() % kBlock) % kBlock;
  return header + content + std::string(padding, '\0');
}

/// The end of a tar archive.
inline std::string tar_end() {
  return std::string(1024, '\0');
}

}  // namespace cairn::testing
