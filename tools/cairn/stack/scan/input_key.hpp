// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/model/description.hpp"
#include "stack/scan/context.hpp"
#include "stack/scan/recipe.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::stack {

/// Raised whenever the same input would have to give another key; never with releases.
inline constexpr std::string_view kInputFormat = "cairn-input-3";

/// The two hashes of a scan (exactness rules 1 and 24), 64 hex each.
struct InputKeys {
  std::string input;   ///< everything of the image's own that goes into it
  std::string source;  ///< the same without platform, bases and refresh
};

/// External base -> what it is: its content identity, its digest, or `absent`.
using BaseIdentities = std::map<std::string, std::string>;

/// One thing that goes into an image. An input key is the hash of its parts, so two lists say why
/// two keys differ.
struct KeyPart {
  /// `format` `option` `label` `secret` `stage` `argument` `use` `file` `doubt` `platform` `base`
  /// `period`: docs/explanation/staleness.md lists what each holds.
  std::string kind;
  std::string name;    ///< of the option, stage, argument, file or base; any bytes but NUL
  std::string digest;  ///< of its value; a file's with kind and mode: `file 0644 <64 hex>`

  bool operator==(const KeyPart&) const = default;
};
using KeyParts = std::vector<KeyPart>;

/// What of a context goes into a key.
struct KeyedContext {
  const std::vector<ContextEntry>& entries;
  const std::vector<std::string>& doubts;  ///< why it is all of it, if so
};

/// What the key of an image holds: format version, platform, target stage, recipe, arguments that
/// needed stages use, labels, network, hosts, ssh ids, flags, secret names, refresh period, bases,
/// and the context's paths, kinds, modes and contents. No path of this machine, no time stamp, no
/// owner. `period` is the refresh period that is running (`2026-W48`), or empty.
KeyParts key_parts(const BuildDescription& image, const Recipe& recipe, const KeyedContext& context,
                   const BaseIdentities& bases, const std::string& period);

/// The same of an image whose whole context the build makes: its declaration only; what the
/// context holds is added by the build itself.
KeyParts declaration_parts(const BuildDescription& image, const std::string& period);

/// A hash over the parts that `context` makes.
std::string context_digest(const BuildDescription& image, const KeyedContext& context);

/// The hashes of `parts`, whose order counts.
InputKeys input_keys(const KeyParts& parts);

/// The mode that an image gets `entry` with, and its key holds: fixed where --chmod or the builder
/// says it, 0644 and 0755 where modes are normalised; 0 for links.
std::uint32_t keyed_mode(const BuildDescription& image, const ContextEntry& entry);

/// H(input key, content identity of each bound parent in reference order): what records are
/// filed by.
std::string build_key(const std::string& input_key, const std::vector<std::string>& identities);

/// The refresh period that `unix_seconds` lies in: `` for never, `2026-11-24`, `2026-W48`,
/// `2026-11` (UTC, ISO 8601 weeks). Throws UserError for another word.
std::string refresh_period(const std::string& refresh, std::int64_t unix_seconds);

}  // namespace cairn::stack
