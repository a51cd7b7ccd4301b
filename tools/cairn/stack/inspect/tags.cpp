// SPDX-License-Identifier: BSD-3-Clause
#include "stack/inspect/tags.hpp"

#include "base/error.hpp"
#include "oci/reference.hpp"

#include <fmt/core.h>

#include <map>

namespace cairn::stack {

std::vector<std::string> gather_tags(const std::vector<ProbeResult>& probes) {
  std::vector<std::string> tags;
  std::map<std::string, std::string> owner;
  for (const ProbeResult& probe : probes) {
    for (const std::string& tag : probe.tags) {
      if (tag == "latest") {
        throw UserError(
            fmt::format("probe '{}' gives the tag 'latest', which every image has", probe.name),
            fmt::format("write TAGS {}-{{version}}", probe.name));
      }
      const auto [known, added] = owner.emplace(tag, probe.name);
      if (!added) {
        throw UserError(fmt::format("probes '{}' and '{}' give the same tag '{}'", known->second,
                                    probe.name, tag),
                        fmt::format("put a name in front: TAGS {}-{{version}}", probe.name));
      }
      tags.push_back(tag);
    }
  }
  return tags;
}

std::string tag_prefix(const std::string& arch, const std::string& variant) {
  return variant.empty() ? arch + "-" : arch + "-" + variant + "-";
}

std::vector<std::string> platform_references(const std::string& repository,
                                             const std::string& prefix,
                                             const std::vector<std::string>& tags) {
  std::vector<std::string> references{repository + ":" + prefix + "latest"};
  for (const std::string& tag : tags) {
    if (!oci::is_valid_tag(prefix + tag)) {
      throw UserError(fmt::format("tag '{}{}' has {} characters, at most 128 are allowed", prefix,
                                  tag, prefix.size() + tag.size()),
                      "cut the version with MATCH");
    }
    references.push_back(repository + ":" + prefix + tag);
  }
  return references;
}

}  // namespace cairn::stack
