// SPDX-License-Identifier: BSD-3-Clause
#include "engine/names.hpp"

#include "oci/reference.hpp"

namespace cairn::engine {

std::string listed_name(const Endpoint& endpoint, const std::string& name) {
  oci::Reference reference = oci::Reference::parse(name);
  if (reference.tag.empty() && reference.digest.empty()) reference.tag = "latest";
  const bool has_host = reference.host != "docker.io" || name.rfind(reference.host + "/", 0) == 0;
  if (endpoint.kind == "docker" || has_host) return reference.to_string();
  const std::string tag = reference.tag.empty() ? "" : ":" + reference.tag;
  const std::string digest = reference.digest.empty() ? "" : "@" + reference.digest;
  return "localhost/" + name.substr(0, name.find_first_of(":@")) + tag + digest;
}

}  // namespace cairn::engine
