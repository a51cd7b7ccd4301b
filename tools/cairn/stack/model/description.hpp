// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "oci/platform.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace cairn::stack {

/// An image of the stack, as references name it.
struct Member {
  std::string repository;  ///< `quay.io/jupyter/base-notebook`
  std::string variant;     ///< empty for the default one
  std::string target;
};

/// What `cairn scan` reads: `<stack>.stack.json`.
struct StackFile {
  std::string stack;
  std::string engine_file;
  std::map<std::string, std::string> engine_files;  ///< arch name -> its own engine.json
  std::string index;
  std::string store;
  std::string lock;                 ///< the lock file, there or not; empty: none is looked for
  std::vector<std::string> images;  ///< image folders, parents first
  /// Image folders of what is declared as well, but not built by this tree.
  std::vector<std::string> elsewhere;
  std::vector<Member> members;
  std::string compression = "gzip";  ///< of layers that Cairn compresses: gzip or zstd

  static StackFile read(const std::filesystem::path& path);

  /// The engine.json that serves `arch` (`aarch64`).
  const std::string& engine_file_for(const std::string& arch) const;

  /// Who holds a FileLock on it writes what the scan writes: the index, and the keys of images.
  std::filesystem::path scan_lock() const;
};

struct Parent {
  std::string target;
  std::string directory;  ///< image folder of the same platform
  std::string repository;
  std::string variant;
};

struct Generated {
  std::string from;  ///< file or folder made by the build
  std::string into;  ///< where it stands in the context
};

/// How to build one image on one platform: build.json.
struct BuildDescription {
  std::string stack, target, image, variant;
  std::string repository, registry, owner;
  oci::Platform platform;
  bool native = true;
  std::string stack_file;
  std::string context, dockerfile, stage;
  std::vector<Parent> parents;
  bool is_parent = false;
  std::map<std::string, std::string> build_args, labels, secrets;
  std::vector<std::string> ssh;
  std::string network;
  std::vector<std::string> added_hosts, flags;
  std::string refresh = "never";
  bool normalize_modes = false;
  bool reproducible = false;
  std::vector<Generated> generated;
  bool generated_context = false;  ///< the build makes the whole context
  int keep_images = 1;
  int build_slots = 2;
  std::string declared_at;

  static BuildDescription read(const std::filesystem::path& path);

  /// `quay.io/jupyter/base-notebook:latest`; `:<arch>-latest` when not native; with the variant
  /// in front of `latest` (api.md rule 11).
  std::string local_name() const;
  /// The engine.json of this image's platform.
  std::string engine_file_in(const StackFile& file) const;
  /// Whether the build makes files of its context: the scan does not see those, so that its key
  /// alone does not decide.
  bool has_generated() const { return !generated.empty() || generated_context; }
  /// `base-notebook`, or `base-notebook (linux/arm64)` when not native: for messages.
  std::string title() const;
};

}  // namespace cairn::stack
