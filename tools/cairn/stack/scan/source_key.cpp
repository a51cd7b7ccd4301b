// SPDX-License-Identifier: BSD-3-Clause
#include "stack/scan/source_key.hpp"

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "stack/scan/reachable.hpp"

#include <algorithm>
#include <array>
#include <map>
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
                    const KeyedContext& context, const std::string& text) {
  KeyParts parts = key_parts(image, recipe, context, {}, {});
  if (!text.empty()) parts.push_back({"recipe", "", sha256_hex(text)});
  return input_keys(parts).source;
}

}  // namespace

std::string source_key(const ScannedSources& sources, const BaseFinder& finder, ContextTree& tree,
                       dockerfile::Builder builder) {
  const auto& [image, stack, written, listing, doubts] = sources;
  const std::string& text = written.file.text;
  if (!names_platform(text)) return hash_of(image, written, {listing.entries, doubts}, {});
  BuildDescription anywhere = image;
  anywhere.platform = kAnywhere;
  try {
    const Recipe recipe = read_recipe(anywhere, stack.members);
    const dockerfile::ContextWants wants = finder.wants(anywhere, recipe);
    const ContextListing common =
        list_reachable(tree, wants, builder, Missing::allowed, known_of(listing));
    return hash_of(anywhere, recipe, {common.entries, wants.doubts}, text);
  } catch (const UserError&) {
    // It is a recipe for no other platform: only its text is the same on each.
    return hash_of(anywhere, {}, {{}, {}}, text);
  }
}

}  // namespace cairn::stack
