// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "publish/destination.hpp"
#include "publish/history.hpp"
#include "stack/release/plan.hpp"

#include <chrono>
#include <compare>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cairn::publish {

/// A tag of a repository, by its declared name.
struct TagName {
  std::string repository, tag;

  std::string text() const { return repository + ":" + tag; }
  auto operator<=>(const TagName&) const = default;  // NOLINT(modernize-use-nullptr): clang-tidy 14
};

/// What a destination holds, asked for once and remembered with its age.
class Survey {
 public:
  Survey(Destination& destination, int at_once) : destination_(destination), at_once_(at_once) {}

  /// Asks for those of `tags` that were never asked for, or `fresh` or longer ago: one HEAD each.
  /// Of a repository that has no tags at all, one list tells so.
  void look(const std::vector<TagName>& tags, std::chrono::milliseconds fresh);
  /// All that was seen counts as old from now on.
  void forget();
  /// What a tag held when it was looked at.
  const std::optional<oci::Digest>& at(const TagName& tag) const;
  /// Repositories that are known to have tags.
  void expect(const std::string& repository) { in_use_.insert(repository); }
  /// Whether a list said that a repository has no tags.
  bool is_empty(const std::string& repository) const { return empty_.contains(repository); }

  /// The manifest or index `digest`: one GET, whoever asks how often.
  const HeldDocument* manifest(const std::string& repository, const std::string& digest);
  /// Gets several of them side by side.
  void fetch(const std::set<std::pair<std::string, std::string>>& manifests);

  /// What `decide` needs to know of each of `wanted` that is there: from `history`, or else from
  /// what is there itself.
  std::map<std::string, stack::TagHolder> holders(const std::vector<stack::WantedTag>& wanted,
                                                  History& history);

 private:
  using Clock = std::chrono::steady_clock;
  struct Seen {
    std::optional<oci::Digest> digest;
    std::optional<Clock::time_point> when;  ///< nothing: long ago
  };

  std::vector<TagName> due(const std::vector<TagName>& tags, std::chrono::milliseconds fresh) const;
  void look_for_empty(const std::vector<TagName>& tags);
  void note(const TagName& tag, const std::optional<oci::Digest>& digest);

  Destination& destination_;
  int at_once_;
  std::mutex mutex_;  ///< of what follows
  std::map<TagName, Seen> seen_;
  std::set<std::string> in_use_, empty_;
  std::map<std::string, std::optional<HeldDocument>> manifests_;  ///< by digest
};

}  // namespace cairn::publish
