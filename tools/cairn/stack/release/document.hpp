// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "oci/platform.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cairn::stack {

/// The tag that names the current release document of a stack, in its root repository.
inline constexpr const char* kReleaseTag = "cairn-release";

/// `leased`: somebody is about to publish, and no tag has moved. `open`: tags are moving.
/// `closed`: all of them have.
enum class ReleaseState { leased, open, closed };

std::string to_string(ReleaseState state);

/// A tag of a release: what it named before, and what it names from then on.
struct DocumentTag {
  std::string repository;  ///< declared name
  std::string tag, kind, target;
  std::string old_digest;  ///< empty: it was not there
  std::string new_digest;
  std::string new_media_type;
  bool moves = true;  ///< false: it was there already with this digest, or stays by a rule
  std::vector<oci::Platform> platforms{};
  std::string probe{}, version{};
  std::int64_t created = 0;
  bool pinned = false;  ///< never moves once it is there

  /// What is known of what the tag names is what `said` says; null: nothing is.
  void take_facts(const DocumentTag* said);
};

/// An image of a release: enough for a doctor to know what was meant.
struct DocumentImage {
  std::string target, repository, variant;
  std::string index_digest;
  struct Platform {
    oci::Platform platform;
    std::string manifest_digest, config_digest;
    int tests = 0, passed = 0;
    std::string revision;
  };
  std::vector<Platform> platforms;
};

/// What releases before this one put there, and this one does not name: what is known of a tag must
/// not depend on documents that registries collect.
struct Carried {
  std::vector<DocumentImage> images;
  std::vector<DocumentTag> tags;  ///< the newest first; what no plan compares is last
};

/// The release document (schema cairn/release/1), which the registry itself keeps: with it and
/// nothing else any machine finishes a release, or takes it back.
struct ReleaseDocument {
  std::string id, stack;
  ReleaseState state = ReleaseState::closed;
  std::string kind = "publish";  ///< or `rollback`
  std::string undoes;            ///< of a rollback: the release that it takes back
  std::string holder;            ///< who moves the tags: random, with host and process id
  std::string renewed;           ///< RFC 3339 by the registry's clock, when the holder last wrote
  int ttl = 0;                   ///< seconds after `renewed` in which nobody takes over
  std::string previous;          ///< digest of the document before this release, or empty
  /// The text of `previous`, which no tag holds any more: registries collect that. While `leased`
  /// whole but for a former one of its own; then without the bytes that it keeps, and of what it
  /// carries with what this release names.
  std::string former;
  std::string commit, version;
  std::int64_t time = 0;
  std::vector<DocumentImage> images;
  std::vector<DocumentTag> tags;  ///< every tag of the release, in the order of moves
  Carried carried;
  /// Bytes of what is put under tags, and of what was there before, by digest: resume and rollback
  /// need nothing else. Manifests and indexes only.
  std::map<std::string, std::string> documents;

  /// What is said of `tag`, be it carried; null when nothing is.
  const DocumentTag* find_tag(const std::string& repository, const std::string& tag) const;

  std::string to_text() const;
  /// Throws Error, naming `where`.
  static ReleaseDocument parse(const std::string& text, const std::string& where);
};

}  // namespace cairn::stack
