// SPDX-License-Identifier: BSD-3-Clause
//
// Whether the platform decides what an image takes is asked without the image's own platform: its
// recipe is read for two platforms that nothing is made for, and what differs then is decided by
// the platform. So every platform's build gives the same answer.
#include "stack/scan/source_key.hpp"

#include "base/error.hpp"
#include "stack/scan/base_facts.hpp"
#include "stack/scan/reachable.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace cairn::stack {
namespace {

// One with a variant and one without: that there is none can decide as well.
const oci::Platform kAnywhere{"linux", "anywhere", "v0"};
const oci::Platform kElsewhere{"linux", "elsewhere", ""};

/// All stages of a recipe, read for no platform there is, and what they take.
struct Reading {
  BuildDescription image;
  Recipe recipe;
  dockerfile::ContextWants wants;
};

std::string hash_of(const BuildDescription& image, const Recipe& recipe,
                    const KeyedContext& context) {
  return input_keys(key_parts(image, recipe, context, {}, {})).source;
}

/// What every stage takes, as far as it can be read: one that is not needed may be broken.
dockerfile::ContextWants wants_of_each(const Reading& reading, const BaseFinder& finder) {
  dockerfile::ContextWants all;
  for (std::size_t stage = 0; stage < reading.recipe.file.stages.size(); ++stage) {
    Recipe part = reading.recipe;
    try {
      part.needed = dockerfile::needed_stages(part.file, std::to_string(stage));
      const auto wants = finder.wants(reading.image, part, reading.image.platform);
      all.sources.insert(all.sources.end(), wants.sources.begin(), wants.sources.end());
      all.doubts.insert(all.doubts.end(), wants.doubts.begin(), wants.doubts.end());
    } catch (const UserError&) {
      all.doubts.emplace_back("a stage cannot be read");
    }
  }
  return all;
}

/// Nothing where the recipe cannot be read so.
std::optional<Reading> read_for(const oci::Platform& platform, const ScannedSources& sources,
                                const BaseFinder& finder) {
  Reading reading{sources.image, {}, {}};
  reading.image.platform = platform;
  try {
    reading.recipe = read_every_stage(reading.image, sources.recipe.file.text,
                                      sources.stack.members, /*build_on=*/platform);
  } catch (const UserError&) {
    return std::nullopt;
  }
  try {
    reading.wants = finder.wants(reading.image, reading.recipe, /*build_on=*/platform);
  } catch (const UserError&) {
    reading.wants = wants_of_each(reading, finder);
  }
  return reading;
}

bool says_the_same(const Reading& one, const Reading& other) {
  const KeyedContext none{{}, {}};
  return one.wants == other.wants &&
         hash_of(one.image, one.recipe, none) == hash_of(other.image, other.recipe, none);
}

/// Not looked at, as engines may not hold it yet. Who builds must not decide what is compared: that
/// it hides no ARG, as it can where ENV wins, is taken for given.
dockerfile::BaseFacts external_base(const std::string& /*reference*/) {
  dockerfile::BaseFacts facts = facts_of_base(std::nullopt);
  facts.hides_arguments = false;
  return facts;
}

/// What can be told without external bases.
dockerfile::ContextWants known_wants(dockerfile::ContextWants wants) {
  wants.doubts.clear();
  std::erase_if(wants.sources,
                [](const dockerfile::ContextSource& source) { return source.unknown; });
  return wants;
}

/// As one look at all sources would have made it: a mode counts if it does for one of them.
void merge(ContextEntry& known, ContextEntry entry) {
  if (entry.implied) return;
  const bool fixed_mode = entry.fixed_mode && (known.implied || known.fixed_mode);
  known = std::move(entry);
  known.fixed_mode = fixed_mode;
}

using Lister = std::function<ContextListing(const dockerfile::ContextWants&)>;

/// Source by source, without those that take a file that cannot be read.
std::vector<ContextEntry> list_readable(const dockerfile::ContextWants& wants, const Lister& list) {
  std::map<std::string, ContextEntry> entries;
  for (const dockerfile::ContextSource& source : wants.sources) {
    ContextListing listing;
    try {
      listing = list({{source}, {}});
    } catch (const UserError&) {
      continue;  // another look may find it readable: the key is not settled
    }
    for (ContextEntry& entry : listing.entries) {
      const auto [known, is_new] = entries.try_emplace(entry.path, entry);
      if (!is_new) merge(known->second, std::move(entry));
    }
  }
  std::vector<ContextEntry> all;
  for (auto& [path, entry] : entries)
    all.push_back(std::move(entry));
  return all;
}

}  // namespace

SourceKey source_key(const ScannedSources& sources, ContextTree& tree, dockerfile::Builder builder,
                     const std::function<void(const std::string&)>& watch) {
  const auto& [image, stack, written, wants, listing, unused] = sources;
  const BaseFinder finder(stack, builder, external_base, watch);
  const auto one = read_for(kAnywhere, sources, finder);
  const auto other = read_for(kElsewhere, sources, finder);
  const bool is_alike = one && other && says_the_same(*one, *other);
  // What no other platform can read is compared as it is here: rather two sources than one falsely.
  if (is_alike || (!one && !other)) {
    return {hash_of(image, written, {listing.entries, wants.doubts}), {}, true};
  }
  const Reading& reading = one ? *one : *other;
  const dockerfile::ContextWants common = known_wants(reading.wants);
  const KnownDigest listed = digests_of(listing.entries);
  const Lister list = [&](const dockerfile::ContextWants& some) {
    return list_reachable(tree, some, builder, Missing::allowed,
                          [&](const std::string& path, const PathStamp& stamp) {
                            const auto digest = listed(path, stamp);
                            return digest ? digest : sources.known(path, stamp);
                          });
  };
  SourceKey key;
  try {
    key.listing = list(common);
    key.settled = true;
  } catch (const UserError&) {
    // A stage that this platform does not need takes a file that cannot be read.
    key.listing.entries = list_readable(common, list);
  }
  key.hash = hash_of(reading.image, reading.recipe, {key.listing.entries, {}});
  return key;
}

}  // namespace cairn::stack
