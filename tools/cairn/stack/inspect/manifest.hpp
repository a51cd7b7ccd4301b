// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/inspect/inspection.hpp"
#include "stack/model/description.hpp"
#include "stack/model/image_record.hpp"
#include "stack/model/inspect_description.hpp"

#include <string>
#include <vector>

namespace cairn::stack {

/// The commit that an image was built from; empty members where there is none.
struct SourceRevision {
  std::string commit;      ///< 40 hex digits
  std::string message;     ///< of the commit, whole
  std::string dockerfile;  ///< path of the recipe in the repository
};

/// Asks git in `description.source_dir`; a folder outside of any repository gives an empty one.
SourceRevision find_source_revision(const ImageRecord& record, const BuildDescription& build,
                                    const InspectDescription& description);

/// The build manifest, manifest.md.
std::string render_manifest(const ImageRecord& record, const Inspection& inspection,
                            const SourceRevision& source, const std::string& repository_url);

/// The row of the history, history.md. `references` are those of tags.txt, of which the
/// first is not shown.
std::string render_history(const ImageRecord& record, const std::vector<std::string>& references,
                           const SourceRevision& source, const std::string& repository_url);

/// A block of `text` between fences that are longer than any in it; the ends of its lines and
/// empty lines around it are trimmed.
std::string fenced(const std::string& text);

}  // namespace cairn::stack
