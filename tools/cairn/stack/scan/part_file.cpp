// SPDX-License-Identifier: BSD-3-Clause
#include "stack/scan/part_file.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace cairn::stack {
namespace {

constexpr const char* kSchema = "cairn/key-parts/1";

std::filesystem::path path_of(const std::filesystem::path& store, const std::string& input_key) {
  return store / "parts" / (input_key + ".json");
}

// Arguments and labels are no place for secrets, but people put them there.
bool may_be_secret(const std::string& name, const std::string& value) {
  constexpr std::array<std::string_view, 6> kWords{"token",  "secret",     "passw",
                                                   "apikey", "credential", "_key"};
  const std::string lower = to_lower(name);
  const bool named = std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) {
    return lower.find(word) != std::string::npos;
  });
  // https://user:password@host
  const std::size_t scheme = value.find("://");
  return named || (scheme != std::string::npos && value.find('@', scheme) != std::string::npos);
}

std::optional<std::string> open_value(const std::string& name, const std::string& value) {
  if (may_be_secret(name, value)) return std::nullopt;
  return value;
}

std::optional<std::string> value_in(const std::map<std::string, std::string>& map,
                                    const std::string& name) {
  const auto found = map.find(name);
  return found == map.end() ? std::nullopt : open_value(name, found->second);
}

std::optional<std::string> option_value(const std::string& name, const BuildDescription& image) {
  if (name == "stage") return image.stage;
  if (name == "network") return image.network;
  if (name == "added_hosts") return join(image.added_hosts, " ");
  if (name == "ssh") return join(image.ssh, " ");
  if (name == "reproducible") return image.reproducible ? "ON" : "OFF";
  if (name != "flags") return std::nullopt;
  const std::string flags = join(image.flags, " ");
  return open_value(flags, flags);
}

}  // namespace

std::vector<ShownPart> shown_parts(const KeyParts& parts, const BuildDescription& image,
                                   const std::map<std::string, std::string>& arguments) {
  std::vector<ShownPart> shown;
  for (const KeyPart& part : parts) {
    ShownPart one{{part.kind, printable(part.name), part.digest}, std::nullopt};
    if (part.kind == "argument") one.value = value_in(arguments, part.name);
    if (part.kind == "label") one.value = value_in(image.labels, part.name);
    if (part.kind == "option") one.value = option_value(part.name, image);
    shown.push_back(std::move(one));
  }
  return shown;
}

void keep_parts(const std::filesystem::path& store, const std::string& input_key,
                const std::vector<ShownPart>& parts) {
  const std::filesystem::path path = path_of(store, input_key);
  if (std::filesystem::exists(path)) return;
  Json list = Json::array();
  for (const ShownPart& part : parts) {
    Json one = {{"kind", part.part.kind}, {"name", part.part.name}, {"digest", part.part.digest}};
    if (part.value) one["value"] = *part.value;
    list.push_back(std::move(one));
  }
  // On one line: there may be thousands of files.
  write_file(path, canonical_json({{"schema", kSchema}, {"parts", std::move(list)}}) + "\n");
}

std::optional<std::vector<ShownPart>> kept_parts(const std::filesystem::path& store,
                                                 const std::string& input_key) {
  const std::filesystem::path path = path_of(store, input_key);
  try {
    if (!std::filesystem::exists(path)) return std::nullopt;
    const Json object = read_json(path);
    require_schema(object, kSchema, path.string());
    std::vector<ShownPart> parts;
    for (const Json& one : object.at("parts")) {
      ShownPart part{{one.at("kind"), one.at("name"), one.at("digest")}, std::nullopt};
      if (one.contains("value")) part.value = one.at("value").get<std::string>();
      parts.push_back(std::move(part));
    }
    return parts;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace cairn::stack
