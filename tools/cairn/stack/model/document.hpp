// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/error.hpp"
#include "base/json.hpp"

#include <filesystem>
#include <string>

namespace cairn::stack {

/// Who wrote a document, and so who writes it again when it is damaged.
enum class WrittenBy { cmake, cairn };

/// What to do about a damaged document.
std::string way_to_mend(const std::filesystem::path& path, WrittenBy writer);

/// As read_json; what is no JSON is said with the way to mend it.
Json read_json_of(const std::filesystem::path& path, WrittenBy writer);

/// Reads `path` as a JSON document of `schema` and gives it to `parse`. Whatever `parse` finds
/// wrong is said with the file in front (`<path>: expected a string at 'variant'`), and with the
/// way to a good one.
template <typename Parse>
auto read_document(const std::filesystem::path& path, const std::string& schema, WrittenBy writer,
                   const Parse& parse) {
  const std::string where = path.string();
  const Json object = read_json_of(path, writer);
  require_schema(object, schema, where);
  try {
    return parse(object, where);
  } catch (const Json::exception&) {
    throw UserError(where + ": a member is of another type than " + schema + " says",
                    way_to_mend(path, writer));
  } catch (const Error& error) {
    const std::string what = error.what();
    throw UserError(what.rfind(where, 0) == 0 ? what : where + ": " + what,
                    error.hint().empty() ? way_to_mend(path, writer) : error.hint());
  }
}

}  // namespace cairn::stack
