// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "oci/platform.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace cairn::stack {

/// What happens to a tag that some of an image's platforms have and others have not: it is not
/// moved, or it moves to an index of the platforms that have it.
enum class Skew { withhold, partial };

/// An image as a release must have it.
struct ReleaseImage {
  std::string target, image, variant;
  std::string repository;                ///< the declared name: `quay.io/jupyter/base-notebook`
  std::vector<oci::Platform> platforms;  ///< promised, in the order of the declaration
  Skew skew = Skew::withhold;
  std::string latest_by;  ///< probe whose version says which `latest` is newer; empty: the time
};

/// A command that is run once for each digest after it was pushed and before any tag moves.
struct ReleaseHook {
  std::string name;                  ///< `sbom`
  std::vector<std::string> command;  ///< with {ref} {digest} {repository} {platform} {image} {kind}
};

/// What CMake says of a stack's release: <stack>.release.json (schema cairn/release-description/1).
struct ReleaseDescription {
  std::string stack;
  std::string stack_file;           ///< of the tree that publishes
  std::string store;                ///< CAIRN_STORE
  std::string source_dir;           ///< of the git revision that {commit} names
  std::string root_repository;      ///< declared name of the repository that holds `cairn-release`
  std::string version;              ///< PROJECT_VERSION, or empty
  std::vector<std::string> tags;    ///< RELEASE_TAGS: templates, `latest` among them or not
  std::vector<std::string> pinned;  ///< those of `tags` that never move once they are there
  std::string pinned_suffix;  ///< template put behind a pinned tag that is taken: `.{n}`; or empty
  bool arch_tags = true;      ///< `x86_64-python-3.11` besides `python-3.11`
  bool docker_types = false;  ///< MEDIA_TYPES docker: a manifest list instead of an OCI index
  bool accept_emulated = false;                ///< tests that ran emulated count
  std::vector<std::string> destinations;       ///< empty: where the declared names are
  std::string ca_bundle;                       ///< CAIRN_REGISTRY_CA_BUNDLE, or empty
  std::vector<std::string> plain_http;         ///< CAIRN_PLAIN_HTTP: hosts without TLS
  std::vector<std::filesystem::path> records;  ///< `<build>/cairn[/<config>]` of all trees
  std::vector<ReleaseHook> hooks;
  std::vector<std::string> anchor_tags;  ///< templates of staging tags that hold what was pushed
  std::vector<ReleaseImage> images;      ///< those that are published, parents first

  static ReleaseDescription read(const std::filesystem::path& path);
  /// The image `target`. Throws UserError with the nearest name when there is none.
  const ReleaseImage& image(const std::string& target) const;
  bool publishes(const std::string& target) const;
};

/// `linux/amd64` and so on.
std::vector<std::string> texts_of(const std::vector<oci::Platform>& platforms);

/// The release descriptions of a build tree, as find_stack_files.
std::vector<std::filesystem::path> find_release_files(const std::filesystem::path& dir);

}  // namespace cairn::stack
