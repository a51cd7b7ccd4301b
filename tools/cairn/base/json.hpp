// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace cairn {

using Json = nlohmann::json;

/// One line, keys sorted, no blanks: the only form that is ever hashed. Bytes that are not UTF-8
/// become U+FFFD in values shown to people; whoever hashes names hashes their bytes instead.
std::string canonical_json(const Json& value);

/// Keys sorted, two blanks, one newline at the end: the form of every record on disk.
std::string pretty_json(const Json& value);

/// Parses `path`; throws Error naming file, line and what was expected.
Json read_json(const std::filesystem::path& path);

/// A string member; throws Error `<where>: expected a string at '<key>'` when it is missing or of
/// another type. `where` is normally the file's path.
std::string require_string(const Json& object, const std::string& key, const std::string& where);

/// A member or its default; a member of another type throws Error as above.
std::string string_or(const Json& object, const std::string& key, std::string fallback);
bool bool_or(const Json& object, const std::string& key, bool fallback);
int int_or(const Json& object, const std::string& key, int fallback);
std::vector<std::string> strings_or_empty(const Json& object, const std::string& key);
std::map<std::string, std::string> string_map_or_empty(const Json& object, const std::string& key);

/// The string, or the whole number, at `key` of what somebody else wrote; empty or 0 when there is
/// none, whatever is there instead, and for a number that 64 bits do not hold.
std::string text_at(const Json& value, const std::string& key);
std::int64_t number_at(const Json& value, const std::string& key);

/// Throws UserError unless `object["schema"]` is exactly `schema` (as "cairn/image-record/1").
void require_schema(const Json& object, const std::string& schema, const std::string& where);

}  // namespace cairn
