// SPDX-License-Identifier: BSD-3-Clause
#include "stack/report/changes.hpp"

#include "base/text.hpp"
#include "stack/scan/context.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace cairn::stack {
namespace {

using Named = std::pair<std::string, std::string>;
using What = PartChange::What;

std::map<Named, const ShownPart*> by_name(const std::vector<ShownPart>& parts) {
  std::map<Named, const ShownPart*> named;
  for (const ShownPart& part : parts)
    named[{part.part.kind, part.part.name}] = &part;
  return named;
}

// `file 0644 <64 hex>`
bool only_modes_differ(const std::string& then, const std::string& now) {
  const auto a = split(then, ' ');
  const auto b = split(now, ' ');
  return a.size() > 1 && a.size() == b.size() && a[0] == b[0] && a[1] != b[1] &&
         std::equal(a.begin() + 2, a.end(), b.begin() + 2);
}

PartChange change_of(const ShownPart* then, const ShownPart* now) {
  const KeyPart& part = (now != nullptr ? now : then)->part;
  PartChange change{part.kind, part.name, What::changed, {}, {}, {}, {}};
  if (then == nullptr) change.what = What::added;
  if (now == nullptr) change.what = What::removed;
  if (then != nullptr) {
    change.then = then->part.digest;
    change.old_value = then->value;
  }
  if (now != nullptr) {
    change.now = now->part.digest;
    change.new_value = now->value;
  }
  const bool both = then != nullptr && now != nullptr;
  if (both && part.kind == "file" && only_modes_differ(change.then, change.now)) {
    change.what = What::mode_only;
  }
  return change;
}

std::size_t rank(const std::string& kind) {
  constexpr std::array<std::string_view, 11> kOrder{"format", "platform", "use",    "base",
                                                    "period", "stage",    "option", "argument",
                                                    "label",  "secret",   "file"};
  return static_cast<std::size_t>(std::find(kOrder.begin(), kOrder.end(), kind) - kOrder.begin());
}

std::string title(const std::string& kind, const std::string& name) {
  if (kind == "stage" && name.empty())
    return "Dockerfile: an ARG before the first FROM, or escape,";
  // Those without a name are counted.
  if (kind == "stage" && starts_with_digit(name)) return "Dockerfile: stage " + name;
  if (kind == "stage") return "Dockerfile: stage '" + name + "'";
  if (kind == "use") return "image reference " + name;
  if (kind == "period") return "REFRESH " + name;
  return name.empty() ? kind : kind + " " + printable(name);
}

std::string shown(const std::optional<std::string>& value) {
  return value->empty() ? "''" : *value;
}

std::string arrow(const PartChange& change) {
  return fmt::format("{}: {} -> {}", title(change.kind, change.name), shown(change.old_value),
                     shown(change.new_value));
}

std::string describe_file(const PartChange& change) {
  if (change.what == What::mode_only) {
    return fmt::format("{}: mode only, {} -> {}", title(change.kind, change.name),
                       split(change.then, ' ')[1], split(change.now, ' ')[1]);
  }
  const std::string then = split(change.then, ' ')[0];
  const std::string now = split(change.now, ' ')[0];
  if (then != now) return fmt::format("{} was a {}, is a {}", printable(change.name), then, now);
  return title(change.kind, change.name) + " changed";
}

std::string describe_base(const PartChange& change) {
  const std::string base = title(change.kind, change.name);
  if (change.now == "absent") return base + " is not in the engine: a build pulls it";
  return fmt::format("{} is another image now: {} -> {}", base, change.then.substr(0, 19),
                     change.now.substr(0, 19));
}

}  // namespace

std::string to_string(PartChange::What what) {
  switch (what) {
    case What::added:
      return "added";
    case What::removed:
      return "removed";
    case What::mode_only:
      return "mode";
    default:
      return "changed";
  }
}

std::vector<PartChange> part_changes(const std::vector<ShownPart>& then,
                                     const std::vector<ShownPart>& now) {
  const auto before = by_name(then);
  const auto after = by_name(now);
  std::vector<PartChange> changes;
  for (const auto& [name, part] : after) {
    const auto old = before.find(name);
    if (old == before.end()) {
      changes.push_back(change_of(nullptr, part));
    } else if (!(old->second->part == part->part)) {
      changes.push_back(change_of(old->second, part));
    }
  }
  for (const auto& [name, part] : before) {
    if (after.count(name) == 0) changes.push_back(change_of(part, nullptr));
  }
  // Another reference brings another base: said once.
  const bool rebased = std::any_of(changes.begin(), changes.end(),
                                   [](const auto& change) { return change.kind == "use"; });
  std::erase_if(changes, [&](const PartChange& change) {
    // The name of a form says all, and the old one needs no line of its own.
    const bool old_form = change.kind == "format" && change.what == What::removed;
    return change.kind == "doubt" || old_form ||
           (rebased && change.kind == "base" && change.what != What::changed);
  });
  std::stable_sort(changes.begin(), changes.end(), [](const auto& a, const auto& b) {
    return std::pair(rank(a.kind), a.name) < std::pair(rank(b.kind), b.name);
  });
  return changes;
}

std::string describe(const PartChange& change) {
  const std::string name = title(change.kind, change.name);
  if (change.kind == "format") return "this Cairn forms keys otherwise: " + change.name;
  if (change.what == What::added) {
    return change.new_value ? fmt::format("{} = {} is new", name, shown(change.new_value))
                            : name + " is new";
  }
  if (change.what == What::removed) return name + " is gone";
  if (change.kind == "file") return describe_file(change);
  if (change.kind == "base") return describe_base(change);
  if (change.old_value && change.new_value) return arrow(change);
  // What these are digested to is what they are.
  if (change.kind == "use" || change.kind == "period") {
    return fmt::format("{}: {} -> {}", name, change.then, change.now);
  }
  return name + " changed";
}

std::string describe(const ShownPart& part) {
  const std::string name =
      part.part.kind + (part.part.name.empty() ? "" : " " + printable(part.part.name));
  if (part.value) return name + " = " + shown(part.value);
  return part.part.digest.empty() ? name : name + ": " + part.part.digest;
}

}  // namespace cairn::stack
