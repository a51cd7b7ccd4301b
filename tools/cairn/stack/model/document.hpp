// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/error.hpp"
#include "base/json.hpp"

#include <filesystem>
#include <string>

namespace cairn::stack {

/// Reads `path` as a JSON document of `schema` and gives it to `parse`. Whatever `parse` finds
/// wrong is said with the file in front: `<path>: expected a string at 'variant'`.
template <typename Parse>
auto read_document(const std::filesystem::path& path, const std::string& schema,
                   const Parse& parse) {
  const Json object = read_json(path);
  const std::string where = path.string();
  require_schema(object, schema, where);
  try {
    return parse(object, where);
  } catch (const Json::exception&) {
    throw UserError(where + ": a member is of another type than " + schema + " says");
  } catch (const Error& error) {
    const std::string what = error.what();
    throw UserError(what.rfind(where, 0) == 0 ? what : where + ": " + what, error.hint());
  }
}

}  // namespace cairn::stack
