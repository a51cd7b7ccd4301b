// SPDX-License-Identifier: BSD-3-Clause
#include "stack/scan/input_key.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/sha256.hpp"

#include <ctime>

namespace cairn::stack {
namespace {

// Raised whenever the same input would have to give another image; never with releases.
constexpr const char* kFormat = "cairn-input-1";

constexpr std::uint32_t kPlainFile = 0644, kPlainFolder = 0755, kExecutable = 0111;

std::uint32_t keyed_mode(const BuildDescription& image, const ContextEntry& entry) {
  if (entry.stamp.kind == PathKind::symlink) return 0;
  if (!image.normalize_modes) return entry.permissions();
  const bool passable =
      entry.stamp.kind == PathKind::directory || (entry.permissions() & kExecutable) != 0;
  return passable ? kPlainFolder : kPlainFile;
}

std::string context_digest(const BuildDescription& image,
                           const std::vector<ContextEntry>& entries) {
  Sha256 hash;
  for (const ContextEntry& entry : entries) {
    hash.update_field(entry.path);
    const std::uint32_t mode = keyed_mode(image, entry);
    hash.update_field(std::to_string(static_cast<int>(entry.stamp.kind)) + " " +
                      std::to_string(mode));
    hash.update_field({reinterpret_cast<const char*>(entry.digest.data()), entry.digest.size()});
  }
  return to_hex(hash.finish());
}

// Values never; and the offer of the machine's CA bundle says nothing about the image (rule 4).
std::vector<std::string> secret_names(const std::map<std::string, std::string>& secrets) {
  std::vector<std::string> names;
  for (const auto& [name, unused] : secrets) {
    if (name != "cairn-ca") names.push_back(name);
  }
  return names;
}

Json source_document(const BuildDescription& image) {
  return {{"format", kFormat},
          {"stage", image.stage},
          {"labels", image.labels},
          {"network", image.network},
          {"added_hosts", image.added_hosts},
          {"ssh", image.ssh},
          {"flags", image.flags},
          {"secrets", secret_names(image.secrets)},
          {"refresh", image.refresh},
          {"reproducible", image.reproducible}};
}

InputKeys finish(const BuildDescription& image, Json document, const BaseIdentities& bases,
                 const std::string& period) {
  InputKeys keys;
  keys.source = sha256_hex(canonical_json(document));
  document["platform"] = image.platform.to_string();
  document["bases"] = bases;
  document["period"] = period;
  keys.input = sha256_hex(canonical_json(document));
  return keys;
}

// How references are bound, by what they mean and not by how they are written.
Json uses_of(const BuildDescription& image, const Recipe& recipe) {
  Json uses = Json::array();
  for (const RecipeUse& use : recipe.uses) {
    if (use.parent) {
      uses.push_back("member " + image.parents[*use.parent].target);
    } else {
      uses.push_back("external " + use.external);
    }
  }
  return uses;
}

}  // namespace

InputKeys input_keys(const BuildDescription& image, const Recipe& recipe,
                     const std::vector<ContextEntry>& entries, const BaseIdentities& bases,
                     const std::string& period) {
  Json document = source_document(image);
  document["recipe"] = sha256_hex(dockerfile::recipe_key(recipe.file, recipe.needed));
  document["syntax"] = recipe.file.syntax;
  document["uses"] = uses_of(image, recipe);
  document["arguments"] = keyed_arguments(recipe);
  document["context"] = context_digest(image, entries);
  return finish(image, std::move(document), bases, period);
}

InputKeys declaration_keys(const BuildDescription& image, const std::string& period) {
  Json document = source_document(image);
  document["build_args"] = image.build_args;
  return finish(image, std::move(document), {}, period);
}

std::string build_key(const std::string& input_key, const std::vector<std::string>& identities) {
  Sha256 hash;
  hash.update_field("cairn-build-1");
  hash.update_field(input_key);
  for (const std::string& identity : identities)
    hash.update_field(identity);
  return to_hex(hash.finish());
}

std::string refresh_period(const std::string& refresh, std::int64_t unix_seconds) {
  const char* format = refresh == "daily"     ? "%Y-%m-%d"
                       : refresh == "weekly"  ? "%G-W%V"
                       : refresh == "monthly" ? "%Y-%m"
                                              : nullptr;
  if (format == nullptr) {
    if (refresh == "never" || refresh.empty()) return {};
    throw UserError("unknown refresh period '" + refresh + "'",
                    "write REFRESH never, daily, weekly or monthly");
  }
  const std::time_t time = unix_seconds;
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  char text[32];
  const std::size_t length = std::strftime(text, sizeof text, format, &parts);
  return {text, length};
}

}  // namespace cairn::stack
