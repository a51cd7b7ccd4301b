// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>

namespace cairn::oci {

/// An image reference, `[host[:port]/]path[:tag][@digest]`, by the grammar of the distribution
/// spec and the familiar-name rules of docker (`debian` is `docker.io/library/debian`).
struct Reference {
  std::string host;        ///< `quay.io`, `localhost:5000`; docker.io when none was written
  std::string path;        ///< `jupyter/base-notebook`
  std::string tag;         ///< empty when none was written
  std::string digest;      ///< `sha256:…`, empty when none was written
  std::string as_written;  ///< what the user typed, for messages

  /// Throws UserError naming the text and the first thing that is wrong with it.
  static Reference parse(std::string_view text);

  std::string repository() const { return host + "/" + path; }
  std::string to_string() const;  ///< canonical, fully qualified
};

/// Whether `tag` fits the OCI grammar `[A-Za-z0-9_][A-Za-z0-9._-]{0,127}`.
bool is_valid_tag(std::string_view tag);

/// Whether `name` fits the OCI grammar of one repository path.
bool is_valid_repository_path(std::string_view path);

}  // namespace cairn::oci
