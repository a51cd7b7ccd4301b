// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "publish/contents.hpp"
#include "publish/history.hpp"
#include "publish/moves.hpp"
#include "publish/survey.hpp"
#include "stack/release/document.hpp"
#include "stack/release/plan.hpp"

#include <map>
#include <string>
#include <vector>

namespace cairn::publish {

/// The release document of `plan` without its bytes: what is fixed before anything is asked.
stack::ReleaseDocument make_document(const stack::ReleaseDescription& description,
                                     const Prepared& prepared, const stack::Plan& plan,
                                     const std::map<std::string, stack::TagHolder>& holders);

/// Adds the bytes of all that the document's tags name and named, and of the manifests of indexes:
/// with them anybody finishes the release, or takes it back. Former ones that the destination has
/// lost are left out.
void add_bytes(stack::ReleaseDocument& document, Contents& contents, Survey& survey,
               const History& history);

/// Notes that `before` is what came before `document`, which is complete but for bytes, and keeps
/// what it says: the first PUT of the lease takes the tag off it. Once tags move, `document` also
/// carries what `before` knows and it does not name itself.
void keep_former(stack::ReleaseDocument& document, const JournalEntry& before);

}  // namespace cairn::publish
