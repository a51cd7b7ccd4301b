// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/json.hpp"
#include "stack/release/document.hpp"
#include "stack/release/wanted_tags.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cairn::stack {

/// What a destination has under a tag now.
struct TagHolder {
  std::string digest;  ///< `sha256:…`
  /// Of what it holds, where that is known: from the release document when the digest is its own,
  /// else from the manifest itself; a lone manifest has none.
  std::vector<oci::Platform> platforms{};
  /// From the release document when the digest is its own; empty: an unknown holder.
  std::string probe{}, version{};
  std::int64_t created = 0;
  bool known = false;  ///< the release document names this digest for this tag
};

enum class TagAction {
  create,     ///< nobody has it
  move,       ///< from another digest
  adopt,      ///< as move, from a holder that no release document names
  unchanged,  ///< it is there with this digest
  withhold    ///< it stays as it is; `why` says so
};

std::string to_string(TagAction action);

/// Whether the destination names something else under the tag afterwards.
bool changes(TagAction action);

struct PlannedTag {
  WantedTag wanted;
  TagAction action = TagAction::create;
  std::string old_digest;  ///< empty where there is none
  std::string why;         ///< of adopt, of withhold and of a name with suffix, in a few words
};

struct PlanOptions {
  /// Tags that may lose platforms, and those that may go back to an older version: `python-3.11`,
  /// or with its declared repository `quay.io/jupyter/base-notebook:python-3.11`.
  std::set<std::string> allow_shrink{}, allow_older{};
  bool strict = false;  ///< what skew withholds is an error
  /// Asked by declared repository and tag for a pinned name with suffix that `holders` lacks, which
  /// nobody can know before; unset: what `holders` lacks is free.
  std::function<std::optional<TagHolder>(const std::string&, const std::string&)> find_holder{};
};

struct Plan {
  std::vector<PlannedTag> tags;  ///< in the order of moves
  std::vector<Problem> problems;
};

/// Decides one tag after another. `holders` by `<declared repository>:<tag>`; one that is not there
/// is absent in the destination. Never shrinks: a tag whose holder has platforms that the new
/// index lacks is a problem unless it is named in allow_shrink. Never goes back: a version (or, for
/// `latest` without a probe, a time) lower than the holder's is withheld. Pinned tags that hold
/// another digest are withheld, or get the suffix: the lowest `n` from 2 whose name is free or
/// holds this digest already; `wanted.tag` is then the name with the suffix.
Plan decide(const ReleaseDescription& description, const WantedTags& wanted,
            const std::map<std::string, TagHolder>& holders, const PlanOptions& options);

/// -1, 0 or 1: compares version texts part by part, numbers by value, a pre-release (`3.0.0rc1`,
/// `3.0.0-beta.2`) below its release (semver 2.0.0 section 11, extended to any number of parts); a
/// patch letter or another word (`1.1.1w`, `9.2p1`, `1.0.post1`) is above it.
int compare_versions(const std::string& left, const std::string& right);

/// What goes over the wire, estimated before it does.
struct PlanCost {
  std::uint64_t bytes = 0;  ///< of blobs that no repository of the destination has
  int requests = 0;
};

/// `cairn release plan`: tables of the images and of the tags, moved or not.
std::string plan_table(const Plan& plan, const std::vector<MergedImage>& images,
                       const Evidence& evidence, const PlanCost& cost);
/// The same as JSON (schema cairn/release-plan/1).
Json plan_json(const Plan& plan, const ReleaseFacts& facts, const std::vector<MergedImage>& images,
               const Evidence& evidence, const PlanCost& cost, const std::string& destination);

}  // namespace cairn::stack
