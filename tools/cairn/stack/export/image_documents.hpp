// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/export/compose.hpp"
#include "stack/export/saved_files.hpp"
#include "stack/export/saved_image.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cairn::stack {

/// What the documents of a saved image say of it.
struct ImageDocuments {
  std::string config;
  ConfigFamily family = ConfigFamily::docker;
  std::vector<std::string> layers;      ///< their files, bottom first
  std::optional<std::string> manifest;  ///< of a containerd store, by which it knows the image
};

/// Finds them in what an engine saved:
///
/// - of a containerd store, from the document that the image is known by, through an index to the
///   manifest that names the config expected;
/// - else in manifest.json, as graph drivers and podman write it. The image layout that docker 25
///   and later write beside it calls docker's configs OCI's, and is not looked at;
/// - else in the index.json of an oci-archive.
///
/// Throws Error, with what is missing, when one is not there or is not what its digest says.
ImageDocuments documents_of(const SavedFiles& files, const ExpectedImage& expected);

}  // namespace cairn::stack
