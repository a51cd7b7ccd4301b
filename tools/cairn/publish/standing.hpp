// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "publish/journal.hpp"
#include "publish/release.hpp"
#include "registry/blob_source.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cairn::publish {

/// How a release that was left open has been ended.
struct Finished {
  std::string id;
  JournalEntry closed;
  int moved = 0;
  std::vector<std::string> foreign;  ///< `repository:tag` that somebody else has moved: they stay
  std::vector<std::string> refused;  ///< that the registry lets nobody move
};

/// Throws UserError when somebody else may be moving tags; does nothing when `options` say to take
/// over.
void require_free(const std::optional<JournalEntry>& entry, const Journal& journal,
                  Destination& destination, const PublishOptions& options);

/// Moves the tags of `open`, a document that says so, which have not moved yet, and closes it. What
/// is missing by digest is put there again from the document, or from `further`. A tag that holds
/// neither what it held before the release nor what it is to hold stays as it is.
Finished finish(Journal& journal, Destination& destination, const JournalEntry& open,
                const PublishOptions& options, registry::BlobSource* further = nullptr);

/// What to type when `open` cannot be finished. The command is the last one that is left where
/// `cannot_go_back`.
std::string way_out_of(const stack::ReleaseDocument& open, bool cannot_go_back = false);

}  // namespace cairn::publish
