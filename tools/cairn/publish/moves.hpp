// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "publish/journal.hpp"
#include "publish/release.hpp"
#include "publish/survey.hpp"

#include <set>
#include <string>
#include <vector>

namespace cairn::publish {

struct Moved {
  int count = 0;
  std::set<std::string> refused;  ///< `repository:tag` that the registry lets nobody move
  std::set<std::string> foreign;  ///< that hold what neither we nor the release before put there
};

/// What `document` puts under tags, in the order of moves. Throws Error, naming the tag, where it
/// has not the bytes.
std::vector<TagPut> moves_of(const stack::ReleaseDocument& document);

/// Moves the tags of `document` in its order under `lease`, which is asked for on the way: whoever
/// has lost it moves nothing more. What `survey` has not seen for a while is looked at again
/// before. A tag that holds neither its old nor its new digest stays as it is and is reported, as
/// is one that a registry lets nobody move. The first other refusal ends it, with what to type
/// next; so does an interrupt, between batches.
Moved move_tags(Destination& destination, Lease& lease, const stack::ReleaseDocument& document,
                Survey& survey, const PublishOptions& options);

/// Notes in `document` what has stayed.
void note_stays(stack::ReleaseDocument& document, const Moved& moved);

/// Lets go of a lease that `error` has ended: its document says so, so that nobody waits for the
/// end of its time. What fails here is passed over: the time ends by itself.
void let_go(Lease& lease, const Error& error);

}  // namespace cairn::publish
