// SPDX-License-Identifier: BSD-3-Clause
#include "base/json.hpp"

#include "base/error.hpp"
#include "base/file.hpp"

#include <algorithm>

namespace cairn {

std::string canonical_json(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string pretty_json(const Json& value) {
  return value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json read_json(const std::filesystem::path& path) {
  const std::string text = read_file(path);
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(error.byte, text.size()));
    const auto line = 1 + std::count(text.begin(), end, '\n');
    throw UserError(path.string() + ":" + std::to_string(line) + ": not JSON: " + error.what());
  } catch (const Json::exception& error) {  // a number that no double holds
    throw UserError(path.string() + ": not JSON: " + error.what());
  }
}

std::string require_string(const Json& object, const std::string& key, const std::string& where) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) {
    throw Error(where + ": expected a string at '" + key + "'");
  }
  return found->get<std::string>();
}

std::string string_or(const Json& object, const std::string& key, std::string fallback) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return fallback;
  if (!found->is_string()) throw Error("expected a string at '" + key + "'");
  return found->get<std::string>();
}

bool bool_or(const Json& object, const std::string& key, bool fallback) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return fallback;
  if (!found->is_boolean()) throw Error("expected true or false at '" + key + "'");
  return found->get<bool>();
}

int int_or(const Json& object, const std::string& key, int fallback) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return fallback;
  if (!found->is_number_integer()) throw Error("expected a whole number at '" + key + "'");
  return found->get<int>();
}

std::vector<std::string> strings_or_empty(const Json& object, const std::string& key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return {};
  if (!found->is_array()) throw Error("expected a list at '" + key + "'");
  std::vector<std::string> items;
  for (const Json& item : *found) {
    if (!item.is_string()) throw Error("expected a list of strings at '" + key + "'");
    items.push_back(item.get<std::string>());
  }
  return items;
}

std::map<std::string, std::string> string_map_or_empty(const Json& object, const std::string& key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return {};
  if (!found->is_object()) throw Error("expected an object at '" + key + "'");
  std::map<std::string, std::string> items;
  for (const auto& [name, value] : found->items()) {
    if (!value.is_string()) throw Error("expected a string at '" + key + "." + name + "'");
    items.emplace(name, value.get<std::string>());
  }
  return items;
}

std::string text_at(const Json& value, const std::string& key) {
  if (!value.is_object()) return {};
  const auto found = value.find(key);
  return found != value.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t number_at(const Json& value, const std::string& key) {
  if (!value.is_object()) return 0;
  const auto found = value.find(key);
  return found != value.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

void require_schema(const Json& object, const std::string& schema, const std::string& where) {
  const std::string found = object.is_object() ? string_or(object, "schema", "") : "";
  if (found == schema) return;
  throw UserError(where + ": expected schema '" + schema + "', got '" + found + "'",
                  "configure again, so that the files are written by this version of Cairn");
}

}  // namespace cairn
