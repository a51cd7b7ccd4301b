// SPDX-License-Identifier: BSD-3-Clause
#include "registry/text_at.hpp"

namespace cairn::registry {

std::string text_at(const Json& value, const std::string& key) {
  if (!value.is_object()) return {};
  const auto found = value.find(key);
  return found != value.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace cairn::registry
