// SPDX-License-Identifier: BSD-3-Clause
#include "stack/lock/lock.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "oci/manifest.hpp"
#include "stack/model/description.hpp"
#include "stack/model/layout.hpp"
#include "stack/scan/external_base.hpp"
#include "stack/scan/recipe.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>

namespace cairn::stack {
namespace {

constexpr std::size_t kLargestConfig = 8 << 20;

/// An external base, and which image needs it on which platforms.
using Uses = std::map<std::string, std::map<oci::Platform, std::string>>;

Uses external_uses(const StackFile& stack) {
  Uses uses;
  for (const std::string& folder : stack.images) {
    const auto image = BuildDescription::read(ImageFolder{folder}.build_description());
    // A recipe that the build itself makes is not there yet; what it names is locked once it is.
    if (image.generated_context && !std::filesystem::exists(image.dockerfile)) continue;
    for (const RecipeUse& use : read_recipe(image, stack.members).uses) {
      if (use.parent) continue;
      const ExternalBase base = ExternalBase::of(use.external);
      if (!base.is_pinned()) uses[base.local_name()].emplace(image.platform, image.target);
    }
  }
  return uses;
}

std::string known_platforms(const LockedBase& base) {
  std::vector<std::string> names;
  for (const auto& [platform, digest] : base.platforms)
    names.push_back(platform.to_string());
  return join(names, ", ");
}

void check_platforms(const std::string& reference, const LockedBase& base,
                     const std::map<oci::Platform, std::string>& needed) {
  for (const auto& [platform, target] : needed) {
    if (base.platforms.count(platform) != 0) continue;
    throw UserError(fmt::format("base '{}' of '{}' has no {}: it has {}", reference, target,
                                platform.to_string(), known_platforms(base)),
                    "take that platform out of PLATFORMS, or stand the image on another base");
  }
}

LockedBase look_up(const std::string& name, registry::Client& client) {
  const auto reference = oci::Reference::parse(name);
  const auto found = client.manifest(reference);
  if (!found) {
    throw UserError("base '" + name + "' is not in the registry '" + reference.host + "'",
                    "correct the reference in the recipe");
  }
  LockedBase base{found->digest, {}};
  if (oci::is_index_type(found->media_type)) {
    for (const auto& item : oci::parse_index(found->bytes, "index '" + name + "'").manifests) {
      if (item.platform) base.platforms.emplace(*item.platform, item.digest);
    }
    return base;
  }
  const auto manifest = oci::parse_manifest(found->bytes, "manifest '" + name + "'");
  const Json config = Json::parse(client.blob(reference, manifest.config.digest, kLargestConfig),
                                  nullptr, /*allow_exceptions=*/false);
  const std::string where = "config of '" + name + "'";
  if (!config.is_object()) throw Error(where + ": expected a JSON object");
  const std::string variant = string_or(config, "variant", "");
  base.platforms.emplace(oci::Platform::parse(require_string(config, "os", where) + "/" +
                                              require_string(config, "architecture", where) +
                                              (variant.empty() ? "" : "/" + variant)),
                         found->digest);
  return base;
}

/// References as people type them, in the form of the lock; each must be one of `uses`.
std::set<std::string> asked_for(const std::vector<std::string>& references, const Uses& uses) {
  std::set<std::string> names;
  for (const std::string& reference : references) {
    const std::string name = ExternalBase::of(reference).local_name();
    if (uses.count(name) == 0) {
      std::vector<std::string> known;
      for (const auto& [use, needed] : uses)
        known.push_back(use);
      const auto near = did_you_mean(name, known);
      throw UserError("no recipe of the stack stands on '" + name + "'",
                      near ? "did you mean '" + *near + "'?" : "its bases: " + join(known, ", "));
    }
    names.insert(name);
  }
  return names;
}

LockedLine line_of(const std::string& reference, const LockedBase* before,
                   const LockedBase* after) {
  LockedLine line;
  line.reference = reference;
  if (before != nullptr) line.before = before->digest;
  if (after != nullptr) line.after = after->digest;
  if (before == nullptr) {
    line.state = LockState::added;
  } else if (after == nullptr) {
    line.state = LockState::dropped;
  } else {
    line.state = *before == *after ? LockState::kept : LockState::moved;
  }
  return line;
}

const LockedBase* find(const LockFile& lock, const std::string& reference) {
  const auto found = lock.bases.find(reference);
  return found == lock.bases.end() ? nullptr : &found->second;
}

std::string word_of(LockState state, bool checked) {
  switch (state) {
    case LockState::added:
      return checked ? "not locked" : "locked";
    case LockState::moved:
      return checked ? "stale" : "moved";
    case LockState::dropped:
      return checked ? "not used" : "dropped";
    default:
      return "kept";
  }
}

std::string short_digest(const std::optional<oci::Digest>& digest) {
  return digest ? "sha256:" + digest->hex().substr(0, 12) : "-";
}

}  // namespace

bool LockReport::changed() const {
  return std::any_of(lines.begin(), lines.end(),
                     [](const LockedLine& line) { return line.state != LockState::kept; });
}

LockReport lock_bases(const std::filesystem::path& stack_file, LockMode mode,
                      const std::vector<std::string>& references, registry::Client& client) {
  const StackFile stack = StackFile::read(stack_file);
  const LockFile old = LockFile::read(stack.lock);
  const Uses uses = external_uses(stack);
  const std::set<std::string> asked = asked_for(references, uses);
  LockReport report{stack.lock, {stack.lock, {}}, {}};
  for (const auto& [reference, needed] : uses) {
    const LockedBase* before = find(old, reference);
    const bool wanted = asked.empty() || asked.count(reference) != 0;
    const bool again = mode != LockMode::fill && wanted;
    const LockedBase after = before != nullptr && !again ? *before : look_up(reference, client);
    check_platforms(reference, after, needed);
    report.lines.push_back(line_of(reference, before, &after));
    report.lock.bases.emplace(reference, after);
  }
  for (const auto& [reference, base] : old.bases) {
    if (uses.count(reference) == 0) report.lines.push_back(line_of(reference, &base, nullptr));
  }
  if (mode != LockMode::check && report.changed()) {
    write_file_if_changed(stack.lock, report.lock.to_text());
  }
  return report;
}

std::string format_report(const LockReport& report, LockMode mode) {
  std::string text;
  for (const LockedLine& line : report.lines) {
    const bool moved = line.state == LockState::moved;
    text += fmt::format("{:<10}  {}  {}{}\n", word_of(line.state, mode == LockMode::check),
                        line.reference, moved ? short_digest(line.before) + " -> " : "",
                        short_digest(line.after ? line.after : line.before));
  }
  if (report.lines.empty()) text = "no recipe of the stack stands on an external base\n";
  return text;
}

Json to_json(const LockReport& report) {
  Json lines = Json::array();
  const auto text_of = [](const std::optional<oci::Digest>& digest) {
    return digest ? Json(digest->to_string()) : Json(nullptr);
  };
  for (const LockedLine& line : report.lines) {
    lines.push_back({{"reference", line.reference},
                     {"state", word_of(line.state, /*checked=*/false)},
                     {"before", text_of(line.before)},
                     {"after", text_of(line.after)}});
  }
  return {{"schema", "cairn/lock-report/1"}, {"lock", report.path.string()}, {"bases", lines}};
}

}  // namespace cairn::stack
