// SPDX-License-Identifier: BSD-3-Clause
#include "stack/scan/input_key.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/sha256.hpp"

#include <fmt/core.h>

#include <ctime>

namespace cairn::stack {
namespace {

constexpr std::uint32_t kPlainFile = 0644, kPlainFolder = 0755, kExecutable = 0111;

// As git shows modes, so that a list of parts can be read.
std::string file_digest(const BuildDescription& image, const ContextEntry& entry) {
  const std::uint32_t mode = keyed_mode(image, entry);
  switch (entry.stamp.kind) {
    case PathKind::directory:
      return fmt::format("folder {:04o}", mode);
    case PathKind::symlink:
      return "link " + to_hex(entry.digest);
    default:
      return fmt::format("file {:04o} {}", mode, to_hex(entry.digest));
  }
}

// Values never; and the offer of the machine's CA bundle says nothing about the image (rule 4).
std::vector<std::string> secret_names(const std::map<std::string, std::string>& secrets) {
  std::vector<std::string> names;
  for (const auto& [name, unused] : secrets) {
    if (name != "cairn-ca") names.push_back(name);
  }
  return names;
}

void add_option(KeyParts& parts, const std::string& name, const Json& value) {
  parts.push_back({"option", name, sha256_hex(canonical_json(value))});
}

KeyParts declared_parts(const BuildDescription& image) {
  KeyParts parts{{"format", std::string(kInputFormat), ""}};
  add_option(parts, "stage", image.stage);
  add_option(parts, "network", image.network);
  add_option(parts, "added_hosts", image.added_hosts);
  add_option(parts, "ssh", image.ssh);
  add_option(parts, "flags", image.flags);
  add_option(parts, "reproducible", image.reproducible);
  for (const auto& [name, value] : image.labels)
    parts.push_back({"label", name, sha256_hex(value)});
  for (const std::string& name : secret_names(image.secrets))
    parts.push_back({"secret", name, ""});
  return parts;
}

void add_arguments(KeyParts& parts, const std::map<std::string, std::string>& arguments) {
  for (const auto& [name, value] : arguments)
    parts.push_back({"argument", name, sha256_hex(value)});
}

// What only this platform and this day decide stands last.
void add_surroundings(KeyParts& parts, const BuildDescription& image, const BaseIdentities& bases,
                      const std::string& period) {
  parts.push_back({"platform", image.platform.to_string(), ""});
  for (const auto& [name, identity] : bases)
    parts.push_back({"base", name, identity});
  parts.push_back({"period", image.refresh, period});
}

// How references are bound, by what they mean and not by how they are written.
void add_uses(KeyParts& parts, const BuildDescription& image, const Recipe& recipe) {
  for (std::size_t i = 0; i < recipe.uses.size(); ++i) {
    const RecipeUse& use = recipe.uses[i];
    parts.push_back(
        {"use", std::to_string(i),
         use.parent ? "member " + image.parents[*use.parent].target : "external " + use.external});
  }
}

void add_context(KeyParts& parts, const BuildDescription& image, const KeyedContext& context) {
  for (const std::string& doubt : context.doubts)
    parts.push_back({"doubt", doubt, ""});
  for (const ContextEntry& entry : context.entries) {
    if (!entry.implied) parts.push_back({"file", entry.path, file_digest(image, entry)});
  }
}

bool is_surrounding(const KeyPart& part) {
  return part.kind == "platform" || part.kind == "base" || part.kind == "period";
}

std::string hash_of(const KeyParts& parts, bool with_surroundings) {
  Sha256 hash;
  for (const KeyPart& part : parts) {
    if (!with_surroundings && is_surrounding(part)) continue;
    hash.update_field(part.kind);
    // What a stage is called is for people: its text holds its number.
    hash.update_field(part.kind == "stage" ? "" : part.name);
    hash.update_field(part.digest);
  }
  return to_hex(hash.finish());
}

}  // namespace

KeyParts key_parts(const BuildDescription& image, const Recipe& recipe, const KeyedContext& context,
                   const BaseIdentities& bases, const std::string& period) {
  KeyParts parts = declared_parts(image);
  // Where some engine keeps the line, what it names decides as well: on every engine alike.
  const bool late =
      dockerfile::front_end_needed(recipe.file, recipe.needed) > dockerfile::kOldestFrontEnd;
  add_option(parts, "syntax", late ? recipe.file.syntax : std::string());
  for (const auto& [name, text] : dockerfile::recipe_parts(recipe.file, recipe.needed))
    parts.push_back({"stage", name, sha256_hex(text)});
  add_uses(parts, image, recipe);
  add_arguments(parts, keyed_arguments(recipe));
  add_context(parts, image, context);
  add_surroundings(parts, image, bases, period);
  return parts;
}

KeyParts declaration_parts(const BuildDescription& image, const std::string& period) {
  KeyParts parts = declared_parts(image);
  add_arguments(parts, image.build_args);
  add_surroundings(parts, image, {}, period);
  return parts;
}

std::string context_digest(const BuildDescription& image, const KeyedContext& context) {
  KeyParts parts;
  add_context(parts, image, context);
  return hash_of(parts, true);
}

InputKeys input_keys(const KeyParts& parts) {
  return {hash_of(parts, true), hash_of(parts, false)};
}

std::uint32_t keyed_mode(const BuildDescription& image, const ContextEntry& entry) {
  if (entry.stamp.kind == PathKind::symlink) return 0;
  const bool is_folder = entry.stamp.kind == PathKind::directory;
  if (entry.fixed_mode) return is_folder ? kPlainFolder : kPlainFile;
  if (!image.normalize_modes) return entry.permissions();
  return is_folder || (entry.permissions() & kExecutable) != 0 ? kPlainFolder : kPlainFile;
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
