// SPDX-License-Identifier: BSD-3-Clause
#include "stack/scan/source_key.hpp"

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "stack/scan/reachable.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <optional>
#include <string_view>

namespace cairn::stack {
namespace {

// Nothing is called that, so what is taken for it is taken for every platform.
const oci::Platform kAnywhere{"linux", "anywhere", ""};

bool names_platform(std::string_view text) {
  constexpr std::array<std::string_view, 8> kNames = {
      "TARGETPLATFORM", "TARGETOS", "TARGETARCH", "TARGETVARIANT",
      "BUILDPLATFORM",  "BUILDOS",  "BUILDARCH",  "BUILDVARIANT"};
  return std::any_of(kNames.begin(), kNames.end(), [text](std::string_view name) {
    return text.find(name) != std::string_view::npos;
  });
}

/// The digests that the scan knows already.
KnownDigest known_of(const ContextListing& listing) {
  std::map<std::string, const ContextEntry*> entries;
  for (const ContextEntry& entry : listing.entries)
    entries.emplace(entry.path, &entry);
  return [entries = std::move(entries)](const std::string& path,
                                        const PathStamp& stamp) -> std::optional<Sha256Bytes> {
    const auto found = entries.find(path);
    if (found == entries.end() || !(found->second->stamp == stamp)) return std::nullopt;
    return found->second->digest;
  };
}

std::string hash_of(const BuildDescription& image, const Recipe& recipe,
                    const KeyedContext& context) {
  return input_keys(key_parts(image, recipe, context, {}, {})).source;
}

/// The key of `image` as `recipe` reads it, and of all stages of `recipe`, needed or not.
std::string hash_with_stages(const BuildDescription& image, const Recipe& recipe,
                             const KeyedContext& context) {
  KeyParts parts = key_parts(image, recipe, context, {}, {});
  std::vector<int> all(recipe.file.stages.size());
  std::iota(all.begin(), all.end(), 0);
  for (const auto& [name, text] : dockerfile::recipe_parts(recipe.file, all))
    parts.push_back({"recipe", name, sha256_hex(text)});
  return input_keys(parts).source;
}

std::string hash_of_text(const BuildDescription& image, const std::string& text) {
  KeyParts parts = key_parts(image, {}, {{}, {}}, {}, {});
  parts.push_back({"recipe", "", sha256_hex(text)});
  return input_keys(parts).source;
}

/// The recipe read for no platform, and what it takes then.
struct Anywhere {
  BuildDescription image;
  Recipe recipe;
  dockerfile::ContextWants wants;
};

/// Nothing where the recipe is one for no other platform than those that it names.
std::optional<Anywhere> read_anywhere(const ScannedSources& sources, const BaseFinder& finder) {
  Anywhere anywhere{sources.image, {}, {}};
  anywhere.image.platform = kAnywhere;
  try {
    anywhere.recipe = read_recipe(anywhere.image, sources.stack.members);
    // What its bases say of variables and triggers is known of those that are locked for here.
    Recipe pinned = anywhere.recipe;
    pin_bases(pinned, sources.lock, sources.image.platform);
    anywhere.wants = finder.wants(anywhere.image, pinned);
    return anywhere;
  } catch (const UserError&) {
    return std::nullopt;
  }
}

}  // namespace

SourceKey source_key(const ScannedSources& sources, const BaseFinder& finder, ContextTree& tree,
                     dockerfile::Builder builder) {
  const auto& [image, stack, written, lock, wants, listing] = sources;
  const bool named = names_platform(written.file.text);
  const KeyedContext own{listing.entries, wants.doubts};
  if (!named && image.parents.empty()) return {hash_of(image, written, own), {}, {}};
  const auto anywhere = read_anywhere(sources, finder);
  if (!named && anywhere && anywhere->wants == wants) {
    return {hash_of(image, written, own), {}, {}};
  }
  if (!anywhere) return {hash_of_text(image, written.file.text), {}, {}};
  const std::vector<std::string>& doubts = anywhere->wants.doubts;
  ContextListing common;
  try {
    common = list_reachable(tree, anywhere->wants, builder, Missing::allowed, known_of(listing));
  } catch (const UserError&) {
    // Only in doubt does it see what the image's own listing does not. That is then compared.
    return {hash_with_stages(image, written, own), {}, doubts};
  }
  std::string hash =
      hash_with_stages(anywhere->image, anywhere->recipe, {common.entries, doubts});
  return {std::move(hash), std::move(common), doubts};
}

}  // namespace cairn::stack
