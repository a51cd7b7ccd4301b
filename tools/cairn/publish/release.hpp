// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "publish/destination.hpp"
#include "publish/journal.hpp"
#include "stack/release/description.hpp"
#include "stack/release/evidence.hpp"
#include "stack/release/plan.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cairn::publish {

struct PublishOptions {
  stack::GateOptions gate;
  stack::PlanOptions plan;
  LeaseOptions lease;
  int at_once = 4;        ///< requests, and tags of a batch
  bool dry_run = false;   ///< plan, move nothing
  std::int64_t time = 0;  ///< of the release, the same in all destinations; 0: now
  /// How old what was seen of a tag or manifest may be when it is acted on.
  std::chrono::milliseconds fresh{60000};
  std::function<void(const std::string&)> say;  ///< a line for people
};

struct PublishReport {
  stack::Plan plan;
  std::string plan_text;  ///< the table
  Json plan_json;
  std::string id;        ///< of the release; empty when nothing was to do
  std::string finished;  ///< id of another release that was found unfinished and finished first
  registry::PushReport pushed;
  int moved = 0;
  std::vector<std::string> foreign;  ///< `repository:tag` that somebody else moved meanwhile, in
                                     ///< this release or in the one that was finished: they stay
  std::vector<std::string> refused;  ///< `repository:tag` that the registry lets nobody move
};

/// Publishes what the records of `description` say, to one destination: plan, upload by digest,
/// hooks, lease, check again, release document, tags, close. What another release left half done
/// is finished first, from the registry. When nothing is new, nothing is written.
PublishReport publish(const stack::ReleaseDescription& description, Destination& destination,
                      const PublishOptions& options);

/// Finishes the release that the destination's document calls open; nothing when there is none.
/// When `options` say to take over, ends a lease under which nothing has moved yet as well.
std::optional<std::string> resume(const std::string& root_repository, Destination& destination,
                                  const PublishOptions& options);

/// Closes the open release `id` as it stands, for one that can neither be finished nor taken back,
/// since what it names is gone: tags that have moved stay, so do the others, and the next publish
/// begins with that. Returns the `repository:tag` that had not moved. Throws UserError when another
/// release is open, or none.
std::vector<std::string> abandon(const std::string& root_repository, Destination& destination,
                                 const std::string& id, const PublishOptions& options);

struct RollbackReport {
  std::string id, undoes;
  std::vector<std::string> restored;  ///< `repository:tag`
  std::vector<std::string> kept;      ///< tags that were new: they stay
  std::vector<std::string> foreign;   ///< tags that hold something else by now
};

/// Takes back the current release (open or closed), by a release of its own: tags that still hold
/// it get back what they named before, all of them or none.
RollbackReport rollback(const std::string& root_repository, Destination& destination,
                        const PublishOptions& options);

}  // namespace cairn::publish
