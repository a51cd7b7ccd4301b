// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/text.hpp"
#include "registry/transport.hpp"

#include <string>
#include <vector>

namespace cairn::testing {

/// The values that a query gives `name`, decoded.
inline std::vector<std::string> query_values(const std::string& target, const std::string& name) {
  std::vector<std::string> values;
  const std::size_t mark = target.find('?');
  if (mark == std::string::npos) return values;
  for (const std::string& pair : split(target.substr(mark + 1), '&')) {
    if (!pair.starts_with(name + "=")) continue;
    std::string value = pair.substr(name.size() + 1);
    for (std::size_t at = 0; (at = value.find('%', at)) != std::string::npos; ++at)
      value.replace(at, 3, 1, static_cast<char>(std::stoi(value.substr(at + 1, 2), nullptr, 16)));
    values.push_back(value);
  }
  return values;
}

/// The first value, and a header that was sent; empty when there is none.
inline std::string query(const std::string& target, const std::string& name) {
  const std::vector<std::string> values = query_values(target, name);
  return values.empty() ? "" : values.front();
}

inline std::string sent(const registry::Request& request, const std::string& name) {
  for (const std::string& header : request.headers) {
    if (header.starts_with(name + ": ")) return header.substr(name.size() + 2);
  }
  return {};
}

}  // namespace cairn::testing
