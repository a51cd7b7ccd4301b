// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/json.hpp"
#include "memory_query.hpp"

#include <map>
#include <string>

namespace cairn::testing {

/// The answer to GET /v2/<name>/tags/list, `page` tags at once (0: all), as the distribution spec
/// has it ("Listing Tags").
inline registry::Answer tags_page(const std::map<std::string, std::string>& tags,
                                  const std::string& target, std::size_t page) {
  Json listed = Json::array();
  registry::Answer given;
  given.status = 200;
  for (auto at = tags.upper_bound(query(target, "last")); at != tags.end(); ++at) {
    if (page != 0 && listed.size() == page) {
      const std::string path = target.substr(0, target.find('?'));
      given.headers["link"] =
          "<" + path + "?last=" + listed.back().get<std::string>() + ">; rel=\"next\"";
      break;
    }
    listed.push_back(at->first);
  }
  given.body = canonical_json({{"tags", listed}});
  return given;
}

}  // namespace cairn::testing
