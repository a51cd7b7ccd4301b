// SPDX-License-Identifier: BSD-3-Clause
#include "stack/release/plan.hpp"

#include "base/text.hpp"
#include "base/time.hpp"
#include "oci/reference.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace cairn::stack {
namespace {

constexpr std::array<std::pair<TagAction, std::string_view>, 5> kActions{
    {{TagAction::create, "create"},
     {TagAction::move, "move"},
     {TagAction::adopt, "adopt"},
     {TagAction::unchanged, "unchanged"},
     {TagAction::withhold, "withhold"}}};

constexpr int kMostSuffixes = 99;

std::string list_of(const std::vector<oci::Platform>& platforms) {
  return join(texts_of(platforms), ", ");
}

std::string with_suffix(const std::string& tag, std::string suffix, int number) {
  const std::size_t at = suffix.find("{n}");
  return tag + suffix.replace(at, 3, std::to_string(number));
}

/// Decides one tag after another.
class Decider {
 public:
  Decider(const ReleaseDescription& description, const WantedTags& wanted,
          const std::map<std::string, TagHolder>& holders, const PlanOptions& options)
      : description_(description), wanted_(wanted), holders_(holders), options_(options) {
    for (const auto* tags : {&wanted.tags, &wanted.withheld}) {
      for (const WantedTag& tag : *tags)
        names_.insert(tag.full_name());
    }
  }

  Plan decide();

 private:
  PlannedTag decide(const WantedTag& wanted);
  PlannedTag decide_pinned(PlannedTag planned, const TagHolder& holder);
  std::optional<TagHolder> holder_of(const std::string& repository, const std::string& tag) const;
  std::optional<TagHolder> holder_of_suffixed(const std::string& repository,
                                              const std::string& tag) const;
  std::string why_older(const WantedTag& wanted, const TagHolder& holder) const;
  void check_shrink(const WantedTag& wanted, const TagHolder& holder);
  void add_withheld();
  void check_names(const std::set<std::string>& allowed, const std::string& option);

  const ReleaseDescription& description_;
  const WantedTags& wanted_;
  const std::map<std::string, TagHolder>& holders_;
  const PlanOptions& options_;
  std::set<std::string> names_;
  Plan plan_;
};

bool is_named(const std::set<std::string>& allowed, const WantedTag& wanted) {
  return allowed.count(wanted.tag) > 0 || allowed.count(wanted.full_name()) > 0;
}

/// The order of moves: as the kinds, and merged tags that are new before those that move.
int rank(const PlannedTag& planned) {
  const int kind = static_cast<int>(planned.wanted.kind) * 2;
  const bool is_new = planned.action == TagAction::create;
  return planned.wanted.kind == TagKind::merged && !is_new ? kind + 1 : kind;
}

Plan Decider::decide() {
  check_names(options_.allow_shrink, "--allow-shrink");
  check_names(options_.allow_older, "--allow-older");
  for (const WantedTag& wanted : wanted_.tags)
    plan_.tags.push_back(decide(wanted));
  add_withheld();
  std::stable_sort(plan_.tags.begin(), plan_.tags.end(),
                   [](const PlannedTag& a, const PlannedTag& b) { return rank(a) < rank(b); });
  return std::move(plan_);
}

/// A slip in a name that lifts a rule would lift nothing and say nothing.
void Decider::check_names(const std::set<std::string>& allowed, const std::string& option) {
  std::set<std::string> known;
  for (const WantedTag& wanted : wanted_.tags) {
    known.insert(wanted.tag);
    known.insert(wanted.full_name());
  }
  for (const std::string& name : allowed) {
    if (known.count(name) > 0) continue;
    const auto near = did_you_mean(name, {known.begin(), known.end()});
    plan_.problems.push_back(
        {fmt::format("{} names '{}', which is no tag of this release", option, name),
         near ? "did you mean '" + *near + "'?" : ""});
  }
}

std::optional<TagHolder> Decider::holder_of(const std::string& repository,
                                            const std::string& tag) const {
  const auto found = holders_.find(repository + ":" + tag);
  return found == holders_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<TagHolder> Decider::holder_of_suffixed(const std::string& repository,
                                                     const std::string& tag) const {
  auto known = holder_of(repository, tag);
  if (known || !options_.find_holder) return known;
  return options_.find_holder(repository, tag);
}

PlannedTag Decider::decide(const WantedTag& wanted) {
  PlannedTag planned{wanted, TagAction::create, "", ""};
  const auto holder = holder_of(wanted.repository, wanted.tag);
  if (!holder) return planned;
  planned.old_digest = holder->digest;
  if (holder->digest == wanted.names.digest.to_string()) {
    planned.action = TagAction::unchanged;
    return planned;
  }
  if (wanted.pinned) return decide_pinned(std::move(planned), *holder);
  planned.why = why_older(wanted, *holder);
  if (!planned.why.empty() && !is_named(options_.allow_older, wanted)) {
    planned.action = TagAction::withhold;
    return planned;
  }
  check_shrink(wanted, *holder);
  planned.action = holder->known ? TagAction::move : TagAction::adopt;
  if (planned.why.empty() && !holder->known)
    planned.why = "no release document names what it holds";
  return planned;
}

PlannedTag Decider::decide_pinned(PlannedTag planned, const TagHolder& holder) {
  const WantedTag wanted = planned.wanted;
  planned.action = TagAction::withhold;
  planned.why = "it is pinned, and holds " + holder.digest.substr(0, 19);
  if (description_.pinned_suffix.empty()) return planned;
  for (int number = 2; number <= kMostSuffixes; ++number) {
    planned.wanted.tag = with_suffix(wanted.tag, description_.pinned_suffix, number);
    const std::string name = planned.wanted.full_name();
    if (names_.count(name) > 0) continue;
    if (!oci::is_valid_tag(planned.wanted.tag)) {
      plan_.problems.push_back({fmt::format("'{}': pinned suffix '{}' makes no valid tag of it",
                                            wanted.full_name(), description_.pinned_suffix),
                                "a tag has letters, digits, '_', '.' and '-', at most 128"});
      break;
    }
    const auto other = holder_of_suffixed(wanted.repository, planned.wanted.tag);
    if (other && other->digest != wanted.names.digest.to_string()) continue;
    names_.insert(name);
    planned.action = other ? TagAction::unchanged : TagAction::create;
    planned.old_digest = other ? other->digest : "";
    planned.why =
        fmt::format("'{}' is pinned, and holds {}", wanted.tag, holder.digest.substr(0, 19));
    return planned;
  }
  planned.wanted.tag = wanted.tag;
  return planned;
}

/// Why the new image is older than what the tag holds; empty when it is not, or nobody can tell.
std::string Decider::why_older(const WantedTag& wanted, const TagHolder& holder) const {
  if (!holder.known) return {};
  const bool has_versions = !wanted.version.empty() && !holder.version.empty();
  if (has_versions && wanted.probe == holder.probe) {
    if (compare_versions(wanted.version, holder.version) >= 0) return {};
    return fmt::format("{} {} is older than {}", wanted.probe.empty() ? "version" : wanted.probe,
                       wanted.version, holder.version);
  }
  if (!wanted.probe.empty() || wanted.created == 0 || wanted.created >= holder.created) return {};
  return fmt::format("built {}, and what it holds {}", format_utc(wanted.created),
                     format_utc(holder.created));
}

void Decider::check_shrink(const WantedTag& wanted, const TagHolder& holder) {
  std::vector<oci::Platform> lost;
  for (const oci::Platform& platform : holder.platforms) {
    const auto& kept = wanted.platforms;
    if (std::find(kept.begin(), kept.end(), platform) == kept.end()) lost.push_back(platform);
  }
  if (lost.empty() || is_named(options_.allow_shrink, wanted)) return;
  plan_.problems.push_back(
      {fmt::format("'{}' would lose {}", wanted.full_name(), list_of(lost)),
       fmt::format("publish it for all platforms; or say --allow-shrink {}", wanted.tag)});
}

void Decider::add_withheld() {
  for (const WantedTag& wanted : wanted_.withheld) {
    const auto holder = holder_of(wanted.repository, wanted.tag);
    plan_.tags.push_back({wanted, TagAction::withhold, holder ? holder->digest : "",
                          "not on " + list_of(wanted.missing)});
    if (!options_.strict) continue;
    plan_.problems.push_back({fmt::format("'{}' is on {} and not on {}", wanted.full_name(),
                                          list_of(wanted.platforms), list_of(wanted.missing)),
                              "build all platforms with the same versions; or leave --strict out"});
  }
}

}  // namespace

bool changes(TagAction action) {
  return action != TagAction::unchanged && action != TagAction::withhold;
}

std::string to_string(TagAction action) {
  const auto* found = std::find_if(kActions.begin(), kActions.end(),
                                   [action](const auto& entry) { return entry.first == action; });
  return std::string(found->second);
}

Plan decide(const ReleaseDescription& description, const WantedTags& wanted,
            const std::map<std::string, TagHolder>& holders, const PlanOptions& options) {
  return Decider(description, wanted, holders, options).decide();
}

}  // namespace cairn::stack
