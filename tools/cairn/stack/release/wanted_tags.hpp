// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "oci/manifest.hpp"
#include "stack/release/merge.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace cairn::stack {

/// In the order in which tags are moved, but that a merged tag that is new goes before those that
/// move: arch tags, merged tags, latest, pinned.
enum class TagKind { arch, merged, latest, pinned };

std::string to_string(TagKind kind);  ///< `arch`, `merged`, `latest`, `pinned`

/// What is fixed once for a whole release, before anything is asked of a registry.
struct ReleaseFacts {
  std::string id;         ///< `20261129T084700Z-3f9a0c12`: begins with the time, unique
  std::int64_t time = 0;  ///< seconds since 1970
  std::string commit;     ///< 40 hex digits of the publishing tree's source, or empty
  std::string version;    ///< as in the description
};

/// A tag that the release would like to set.
struct WantedTag {
  std::string repository;  ///< declared name
  std::string tag;
  TagKind kind = TagKind::merged;
  std::string target;     ///< the image's
  oci::Descriptor names;  ///< the index, or an arch tag's manifest
  std::vector<oci::Platform> platforms;
  std::vector<oci::Platform> missing{};  ///< promised platforms that do not have the tag (skew)
  /// The probe whose full version says which of two images is the newer one under this tag, and
  /// that version, of several platforms the lowest; empty where the tag holds the full version
  /// itself. Of a release tag as `{major}.{minor}` the project's version, and no probe.
  std::string probe{}, version{};
  std::int64_t created = 0;  ///< of `latest` without a probe: when its image was built
  bool pinned = false;       ///< of a pinned release tag, for each platform or merged: never moves

  std::string full_name() const { return repository + ":" + tag; }  ///< as plans are keyed
};

struct WantedTags {
  std::vector<WantedTag> tags;      ///< in the order of moves, parents before children
  std::vector<WantedTag> withheld;  ///< by skew
  /// Indexes of fewer platforms that some of `tags` name, by digest.
  std::map<std::string, ComposedIndex> partial;
};

/// Fills a RELEASE_TAGS template: {commit} {commit:N} {date} (UTC, 2026-11-29) {time} (UTC, 084700)
/// {version} {major} {minor} {patch}. Throws UserError naming the template when what it names is
/// unknown, and when the result is no valid tag.
std::string fill_release_tag(const std::string& tag, const ReleaseFacts& facts);

/// Composes the names of all tags from their fields: `<arch>-<variant>-<tag>` for each platform and
/// `<variant>-<tag>` over all of them. Throws UserError when one tag of one repository is wanted
/// twice, be it as an anchor, when a tag is longer than 128 characters, and when LATEST_BY names no
/// probe of an image.
WantedTags wanted_tags(const ReleaseDescription& description, const ReleaseFacts& facts,
                       const std::vector<MergedImage>& images);

}  // namespace cairn::stack
