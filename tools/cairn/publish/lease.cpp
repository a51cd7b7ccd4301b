// SPDX-License-Identifier: BSD-3-Clause
//
// Who may move tags. What a registry gives is a tag that anybody overwrites, and a clock.
#include "base/process.hpp"
#include "base/time.hpp"
#include "publish/journal.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <random>
#include <unistd.h>
#include <utility>

namespace cairn::publish {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kLongestLetGo{5};

/// When the time of `document` is over, by the registry's clock. One that does not say is nobody's.
std::int64_t end_of(const stack::ReleaseDocument& document) {
  return parse_utc(document.renewed).value_or(0) + document.ttl;
}

/// `build-7-4711-8f14e45fceea167a`
std::string new_holder() {
  char host[256] = "";
  ::gethostname(host, sizeof host - 1);
  std::random_device random;
  return fmt::format("{}-{}-{:08x}{:08x}", host, ::getpid(), random(), random());
}

}  // namespace

bool is_held(const stack::ReleaseDocument& document, std::int64_t now) {
  return document.state != stack::ReleaseState::closed && now < end_of(document);
}

void refuse_held(const stack::ReleaseDocument& document, const std::string& place,
                 std::int64_t now) {
  const std::int64_t left = end_of(document) - now;
  const std::int64_t silent = std::max<std::int64_t>(document.ttl - left, 0);
  const bool open = document.state == stack::ReleaseState::open;
  throw UserError(
      fmt::format("'{}' is held by '{}', which {} release '{}' of '{}' and was heard {} s ago",
                  place, document.holder, open ? "moves the tags of" : "is about to begin",
                  document.id, document.stack, silent),
      fmt::format("wait until it has ended; if it is dead, anyone may go on in {} s, or at once: "
                  "cairn release resume --take-over",
                  left));
}

Lease::Lease(Journal& journal, Destination& destination, stack::ReleaseDocument document,
             const std::optional<JournalEntry>& current, const LeaseOptions& options)
    : journal_(journal),
      destination_(destination),
      document_(std::move(document)),
      options_(options),
      digest_(oci::Digest::of("")),
      sent_(digest_) {
  check(current);
  document_.holder = new_holder();
  document_.ttl = static_cast<int>(options_.ttl.count());
  const std::int64_t now = destination_.now();
  const TagPut prepared = prepare(now);
  // Nothing but the PUT comes between the last look and the PUT: as long as that takes less than
  // the time to settle, whoever was overwritten by it still waits, and will see it.
  const auto looked = Clock::now();
  check(current);
  const auto former = digest_of(current);
  try {
    move_to(prepared, former, now);
    doubtful_ = Clock::now() - looked >= options_.settle;
    confirm(former);
  } catch (const Interrupted&) {
    // Nobody has us yet who could let go.
    try {
      let_go();
    } catch (const Error&) {
    }
    throw;
  }
}

/// Whether the tag names what we planned upon, and nobody is at work on it.
void Lease::check(const std::optional<JournalEntry>& current) const {
  const auto named = journal_.digest();
  const std::int64_t now = destination_.now();
  if (named != digest_of(current)) {
    const auto entry = named ? journal_.read(*named) : std::nullopt;
    if (entry && is_held(entry->document, now)) refuse_held(entry->document, journal_.place(), now);
    throw UserError(entry ? fmt::format("'{}' has become release '{}' of '{}' meanwhile",
                                        journal_.place(), entry->document.id, entry->document.stack)
                          : fmt::format("'{}' was removed meanwhile", journal_.place()),
                    "run it again: it begins with what is there now");
  }
  if (!current) return;
  const stack::ReleaseDocument& former = current->document;
  if (!options_.take_over && is_held(former, now)) refuse_held(former, journal_.place(), now);
  const bool ends_it = former.id == document_.id || former.id == document_.undoes;
  if (former.state == stack::ReleaseState::open && !ends_it) {
    throw UserError(fmt::format("'{}': release '{}' is not finished, and another must not begin",
                                journal_.place(), former.id),
                    "cairn release resume, or cairn release rollback");
  }
}

/// Pushes the document with `now` in it.
TagPut Lease::prepare(std::int64_t now) {
  document_.renewed = format_utc(now);
  return journal_.prepare(document_);
}

/// Puts `prepared` over `former`, which the caller has just seen there. A PUT that waits for its
/// turn, or is sent again after a pause, comes when another may have taken the lease and begun to
/// move tags: no release must be lost under it.
void Lease::move_to(const TagPut& prepared, const std::optional<oci::Digest>& former,
                    std::int64_t now) {
  const auto seen = Clock::now();
  bool is_first = true;
  sent_ = prepared.digest;
  journal_.move_to(prepared, [&] {
    if (std::exchange(is_first, false) && Clock::now() - seen < options_.settle) return;
    require_still(former, prepared.digest);
  });
  digest_ = prepared.digest;
  written_ = document_;
  renewed_ = now;
}

void Lease::require_still(const std::optional<oci::Digest>& former, const oci::Digest& ours) {
  const auto named = journal_.digest();
  if (named != former && named != ours) refuse_lost();
}

/// Waits until what we wrote has settled; throws when it was overwritten.
void Lease::confirm(const std::optional<oci::Digest>& former) {
  options_.sleep ? options_.sleep(options_.settle) : sleep_for(options_.settle);
  const auto named = journal_.digest();
  if (named == digest_) return;
  if (named == former) {
    throw Error("'" + journal_.place() + "' still shows what was there before our document");
  }
  refuse_lost();
}

void Lease::refuse_lost() const {
  const auto entry = journal_.read();
  throw UserError(
      entry ? fmt::format("'{}' was taken over by '{}' for release '{}': nothing more is moved",
                          journal_.place(), entry->document.holder, entry->document.id)
            : fmt::format("'{}' was removed: nothing more is moved", journal_.place()),
      "wait until nobody is at work on it, and run it again");
}

bool Lease::require() {
  if (!journal_.still_names(digest_)) refuse_lost();
  return 3 * (destination_.now() - renewed_) <= options_.ttl.count() || renew();
}

void Lease::write(stack::ReleaseDocument document) {
  document.holder = document_.holder;
  document.ttl = document_.ttl;
  document_ = std::move(document);
  renew();
}

void Lease::let_go() {
  const LastWord last_word(kLongestLetGo);
  const auto named = journal_.digest();
  if (named != digest_ && named != sent_) refuse_lost();
  stack::ReleaseDocument document = named == sent_ ? document_ : written_;
  if (document.state == stack::ReleaseState::closed) return;
  document.ttl = 0;
  const TagPut prepared = journal_.prepare(document);
  journal_.move_to(prepared, [&] { require_still(named, prepared.digest); });
}

bool Lease::renew() {
  const std::int64_t end = renewed_ + options_.ttl.count();
  const oci::Digest former = digest_;
  const std::int64_t now = destination_.now();
  const TagPut prepared = prepare(now);
  if (!journal_.still_names(former)) refuse_lost();
  move_to(prepared, former, now);
  if (destination_.now() < end) return true;
  // Our time was over before this came: somebody may have seen that, and be about to take over.
  doubtful_ = true;
  confirm(former);
  return false;
}

}  // namespace cairn::publish
