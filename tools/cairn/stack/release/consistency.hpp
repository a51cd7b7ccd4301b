// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/release/evidence.hpp"
#include "stack/release/record_folders.hpp"

#include <string>

namespace cairn::stack {

/// The platforms of `image` are of one source, which is what the publishing tree has (exactness
/// rule 24).
void check_sources(const ReleaseDescription& description, const ReleaseImage& image,
                   const RecordFolders& folders, Evidence& evidence);

/// No platform of `image` was built of a source tree with changes, unless the publishing tree has
/// the very sources by now: check_source_tree says whether those are in a commit.
void check_built_trees(const ReleaseDescription& description, const ReleaseImage& image,
                       const RecordFolders& folders, Evidence& evidence);

/// Each platform of `image` was built and exported on the parents that are in this release; where
/// one stands on an image that is not published, so does that, down to the first that is. Its
/// parents must have been gathered.
void check_parents(const ReleaseDescription& description, const ReleaseImage& image,
                   const RecordFolders& folders, Evidence& evidence);

/// Nothing that git follows differs from its commit in `source_dir`; no work tree, no question.
void check_source_tree(const std::string& source_dir, Evidence& evidence);

}  // namespace cairn::stack
