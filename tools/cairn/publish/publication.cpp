// SPDX-License-Identifier: BSD-3-Clause
#include "publish/publication.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/time.hpp"
#include "publish/hooks.hpp"
#include "publish/moves.hpp"
#include "publish/release_document.hpp"
#include "publish/standing.hpp"
#include "publish/store_source.hpp"
#include "stack/release/exported.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <set>

namespace cairn::publish {
namespace {

constexpr int kMostRounds = 5;  // others may publish while we upload; five times is no accident

bool moves(const stack::PlannedTag& tag) {
  return stack::changes(tag.action);
}

}  // namespace

Publication::Publication(const stack::ReleaseDescription& description, const Prepared& prepared,
                         Destination& destination, const PublishOptions& options)
    : description_(description),
      prepared_(prepared),
      destination_(destination),
      options_(options),
      store_(description.store),
      journal_(destination, description.root_repository),
      survey_(destination, options.at_once),
      contents_(prepared, destination, store_, options.at_once) {
  for (const stack::WantedTag& tag : prepared.wanted.tags)
    names_.push_back({tag.repository, tag.tag});
}

void Publication::say(const std::string& line) const {
  if (options_.say) options_.say(line);
}

PublishReport Publication::run() {
  for (int round = 0;; ++round) {
    stand();
    plan();
    if (options_.dry_run || has_nothing_to_do()) return std::move(report_);
    upload();
    if (destination_.is_atomic()) {
      if (release_at_once()) return std::move(report_);
    } else if (journal_.digest() == digest_of(current_)) {
      break;
    }
    if (round == kMostRounds) {
      throw UserError("others keep publishing to '" + journal_.place() + "'",
                      "publish again when they have ended");
    }
    say("another release came to " + destination_.name() + " meanwhile: planning again");
    survey_.forget();
    contents_.forget();
  }
  release_under_lease();
  return std::move(report_);
}

/// Whose turn it is. What another release has left half done is finished first.
void Publication::stand() {
  current_ = journal_.read();
  if (!options_.dry_run) {
    require_free(current_, journal_, destination_, options_);
    if (current_ && current_->document.state == stack::ReleaseState::open) {
      StoreSource store(store_, stack::exports_of(prepared_.evidence), destination_.name());
      Finished finished = finish(journal_, destination_, *current_, options_, &store);
      report_.finished = finished.id;
      report_.foreign = finished.foreign;
      report_.refused = finished.refused;
      current_ = std::move(finished.closed);
    }
  } else if (current_ && current_->document.state == stack::ReleaseState::open) {
    say("release '" + current_->document.id + "' is open in " + destination_.name() +
        ": publish finishes it first");
  }
  history_.emplace(journal_, current_);
  if (const JournalEntry* newest = history_->newest()) {
    for (const auto* tags : {&newest->document.tags, &newest->document.carried.tags}) {
      for (const stack::DocumentTag& tag : *tags)
        survey_.expect(tag.repository);
    }
  }
}

void Publication::plan() {
  survey_.look(names_, options_.fresh);
  contents_.look(survey_, options_.dry_run, options_.fresh);
  decide();
}

/// Says whether the plan is another one than before.
bool Publication::decide() {
  std::map<std::string, stack::TagHolder> holders =
      survey_.holders(prepared_.wanted.tags, *history_);
  const auto differs = [](const auto& left, const auto& right) {
    return left.first != right.first || left.second.digest != right.second.digest ||
           left.second.known != right.second.known;
  };
  const bool changed =
      holders.size() != holders_.size() ||
      !std::equal(holders.begin(), holders.end(), holders_.begin(),
                  [&](const auto& left, const auto& right) { return !differs(left, right); });
  if (!changed && is_planned_) return false;
  is_planned_ = true;
  holders_ = std::move(holders);
  stack::PlanOptions plan_options = options_.plan;
  plan_options.find_holder = [this](const std::string& repository, const std::string& tag) {
    const TagName name{repository, tag};
    survey_.look({name}, options_.fresh);
    const auto& held = survey_.at(name);
    return held ? std::optional(stack::TagHolder{held->to_string()}) : std::nullopt;
  };
  report_.plan = stack::decide(description_, prepared_.wanted, holders_, plan_options);
  stack::require_no_problems(report_.plan.problems);
  const stack::PlanCost cost = contents_.cost(report_.plan);
  report_.plan_text = stack::plan_table(report_.plan, prepared_.images, prepared_.evidence, cost);
  report_.plan_json = stack::plan_json(report_.plan, prepared_.facts, prepared_.images,
                                       prepared_.evidence, cost, destination_.name());
  return true;
}

bool Publication::has_nothing_to_do() const {
  const auto& tags = report_.plan.tags;
  return current_ && current_->document.state == stack::ReleaseState::closed &&
         std::none_of(tags.begin(), tags.end(), moves) && contents_.is_complete();
}

void Publication::upload() {
  contents_.push(report_.pushed);
  put_anchors();
  hook_moves();
}

/// Only the marks in the store leave a hook out. What release documents name says nothing of hooks:
/// one may have been declared since, and they name images whose tags were all withheld. A hook too
/// many does no harm, and one too few leaves a digest unsigned.
void Publication::hook_moves() {
  std::set<std::string> digests;
  for (const stack::PlannedTag& tag : report_.plan.tags) {
    if (moves(tag)) digests.insert(tag.wanted.names.digest.to_string());
  }
  for (const Contents::Root& root : contents_.roots()) {
    if (!digests.contains(root.index->descriptor.digest.to_string())) continue;
    for (const Contents::Platform& platform : root.platforms)
      digests.insert(platform.manifest.digest.to_string());
  }
  run_hooks(description_, contents_, destination_, digests, options_.say);
}

/// Staging tags hold what was pushed where a registry collects what has no tag.
void Publication::put_anchors() {
  if (destination_.is_atomic()) return;
  std::vector<TagPut> puts;
  for (const Contents::Root& root : contents_.roots()) {
    if (root.index != &root.image->index) continue;
    for (const std::string& anchor : description_.anchor_tags) {
      const std::string& variant = root.image->variant;
      puts.push_back({root.image->repository,
                      (variant.empty() ? "" : variant + "-") +
                          stack::fill_release_tag(anchor, prepared_.facts),
                      root.index->descriptor.digest, root.index->descriptor.media_type,
                      root.index->bytes});
    }
  }
  if (!puts.empty()) destination_.put_tags(puts);
}

stack::ReleaseDocument Publication::document(stack::ReleaseState state) {
  stack::ReleaseDocument made = make_document(description_, prepared_, report_.plan, holders_);
  made.state = state;
  if (const JournalEntry* before = history_->newest()) keep_former(made, *before);
  if (state != stack::ReleaseState::leased) add_bytes(made, contents_, survey_, *history_);
  return made;
}

void Publication::keep_copy(const stack::ReleaseDocument& document) const {
  write_file(std::filesystem::path(description_.store) / "releases" / document.stack /
                 (document.id + ".json"),
             document.to_text());
}

void Publication::write(Lease& lease, stack::ReleaseDocument document) {
  lease.write(std::move(document));
  keep_copy(lease.document());
}

/// All tags and the document in one step: nobody sees anything in between. False when somebody else
/// was there since the plan: a publisher with another store, whom no lock of ours keeps out.
bool Publication::release_at_once() {
  stack::ReleaseDocument made = document(stack::ReleaseState::closed);
  made.renewed = format_utc(destination_.now());
  std::vector<TagPut> puts = moves_of(made);
  const int moved = static_cast<int>(puts.size());
  puts.push_back(journal_.prepare(made));
  std::vector<TagState> seen{{description_.root_repository, kReleaseTag, digest_of(current_)}};
  for (const TagName& name : names_)
    seen.push_back({name.repository, name.tag, survey_.at(name)});
  if (!destination_.put_tags_if(puts, seen)) return false;
  keep_copy(made);
  report_.moved = moved;
  report_.id = made.id;
  return true;
}

/// Under the lease everything is looked at again that may have changed since it was looked at.
void Publication::check_again(Lease& lease) {
  if (lease.is_doubtful()) {
    survey_.forget();
    contents_.forget();
  }
  survey_.look(names_, options_.fresh);
  if (decide()) say("the plan has changed since: somebody else moved tags");
  contents_.look(survey_, /*all=*/false, options_.fresh);
  contents_.push(report_.pushed);
  hook_moves();
}

void Publication::release_under_lease() {
  Lease lease(journal_, destination_, document(stack::ReleaseState::leased), current_,
              options_.lease);
  stack::ReleaseDocument made;
  try {
    keep_copy(lease.document());
    check_again(lease);
    made = document(stack::ReleaseState::open);
    write(lease, made);
    const Moved moved = move_tags(destination_, lease, made, survey_, options_);
    note_stays(made, moved);
    report_.moved = moved.count;
    report_.refused.insert(report_.refused.end(), moved.refused.begin(), moved.refused.end());
    report_.foreign.insert(report_.foreign.end(), moved.foreign.begin(), moved.foreign.end());
    made.state = stack::ReleaseState::closed;
    write(lease, std::move(made));
  } catch (const Error& error) {
    let_go(lease, error);
    throw;
  }
  report_.id = prepared_.facts.id;
}

PublishReport publish_prepared(const stack::ReleaseDescription& description,
                               const Prepared& prepared, Destination& destination,
                               const PublishOptions& options) {
  return Publication(description, prepared, destination, options).run();
}

}  // namespace cairn::publish
