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

/// Gives a JSON document of `schema` to `parse`. Whatever `parse` finds wrong is said with `where`
/// in front (`<where>: expected a string at 'variant'`) and with `way_out` as the hint, unless the
/// error has one.
template <typename Parse>
auto parse_document(const Json& object, const std::string& schema, const std::string& where,
                    const Parse& parse, const std::string& way_out = {}) {
  require_schema(object, schema, where);
  try {
    return parse(object, where);
  } catch (const Json::exception&) {
    throw UserError(where + ": a member is of another type than " + schema + " says", way_out);
  } catch (const Error& error) {
    const std::string what = error.what();
    throw UserError(what.rfind(where, 0) == 0 ? what : where + ": " + what,
                    error.hint().empty() ? way_out : error.hint());
  }
}

/// The same of the file `path`, with the way to a good one.
template <typename Parse>
auto read_document(const std::filesystem::path& path, const std::string& schema, WrittenBy writer,
                   const Parse& parse) {
  return parse_document(read_json_of(path, writer), schema, path.string(), parse,
                        way_to_mend(path, writer));
}

}  // namespace cairn::stack
