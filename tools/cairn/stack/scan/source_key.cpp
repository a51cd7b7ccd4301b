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

/// Nothing where the recipe cannot be read so.
std::optional<Reading> read_for(const oci::Platform& platform, const ScannedSources& sources,
                                const BaseFinder& finder) {
  Reading reading{sources.image, {}, {}};
  reading.image.platform = platform;
  try {
    reading.recipe = read_every_stage(reading.image, sources.recipe.file.text,
                                      sources.stack.members, /*build_on=*/platform);
    reading.wants = finder.wants(reading.image, reading.recipe, /*build_on=*/platform);
    return reading;
  } catch (const UserError&) {
    return std::nullopt;
  }
}

bool says_the_same(const Reading& one, const Reading& other) {
  const KeyedContext none{{}, {}};
  return one.wants == other.wants &&
         hash_of(one.image, one.recipe, none) == hash_of(other.image, other.recipe, none);
}

/// What can be told without platform and bases. Another engine may hold other bases.
dockerfile::ContextWants known_wants(dockerfile::ContextWants wants) {
  wants.doubts.clear();
  std::erase_if(wants.sources,
                [](const dockerfile::ContextSource& source) { return source.unknown; });
  return wants;
}

}  // namespace

SourceKey source_key(const ScannedSources& sources, ContextTree& tree, dockerfile::Builder builder,
                     const std::function<void(const std::string&)>& watch) {
  const auto& [image, stack, written, wants, listing] = sources;
  const BaseFinder finder(
      stack, builder, [](const std::string&) { return std::nullopt; }, watch);
  const auto one = read_for(kAnywhere, sources, finder);
  const auto other = read_for(kElsewhere, sources, finder);
  if ((one && other && says_the_same(*one, *other)) || (!one && !other)) {
    return {hash_of(image, written, {listing.entries, wants.doubts}), {}, true};
  }
  const Reading& reading = one ? *one : *other;
  SourceKey key;
  try {
    key.listing = list_reachable(tree, known_wants(reading.wants), builder, Missing::allowed,
                                 digests_of(listing.entries));
    key.settled = true;
  } catch (const UserError&) {
    // A stage that this platform does not need takes what cannot be read.
  }
  key.hash = hash_of(reading.image, reading.recipe, {key.listing.entries, {}});
  return key;
}

}  // namespace cairn::stack
