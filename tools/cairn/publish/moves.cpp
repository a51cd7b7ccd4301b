// SPDX-License-Identifier: BSD-3-Clause
#include "publish/moves.hpp"

#include "base/error.hpp"
#include "base/process.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <set>

namespace cairn::publish {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kTagsAQuestion = 64;           // after which the lease is asked for
constexpr std::chrono::milliseconds kLongest{2000};  // and the time after which it is
constexpr std::chrono::seconds kLongestBatch{30};    // what it was compared with is old then
constexpr int kMostTries = 5;                        // of a batch that goes out of date
constexpr int kMoreAnswers = 2;                      // until a tag counts as somebody else's

/// What was seen of the tags may be somebody else's by now.
struct OutOfDate {};

/// Asks for the lease often enough: a process that was stopped for a while must notice before it
/// moves another tag, and a fast one must not spend a request a tag on it.
class Watch {
 public:
  Watch(Lease& lease, std::chrono::seconds ttl)
      : lease_(lease),
        longest_(
            std::min(kLongest, std::chrono::duration_cast<std::chrono::milliseconds>(ttl) / 10)) {}

  /// Before a batch is looked at. Throws OutOfDate.
  void before(std::size_t tags) {
    const bool few = tags_ + tags <= kTagsAQuestion;
    tags_ = few ? tags_ + tags : tags;
    if (!few) asked_.reset();
    began_ = Clock::now();
    confirm();
  }

  /// Just before a tag's request leaves; from any thread. Throws OutOfDate.
  void confirm() {
    const std::lock_guard guard(mutex_);
    if (!is_recent()) ask();
    if (Clock::now() - began_ > kLongestBatch) throw OutOfDate();
  }

 private:
  bool is_recent() const { return asked_ && Clock::now() - *asked_ < longest_; }

  void ask() {
    const auto now = Clock::now();
    const bool was_in_time = lease_.require();
    asked_ = now;
    if (!was_in_time) throw OutOfDate();
  }

  Lease& lease_;
  std::chrono::milliseconds longest_;
  Clock::time_point began_;
  std::optional<Clock::time_point> asked_;
  std::size_t tags_ = 0;
  std::mutex mutex_;
};

TagName name_of(const TagPut& put) {
  return {put.repository, put.tag};
}

/// Moves tags batch by batch, and knows how it went.
class Mover {
 public:
  Mover(Destination& destination, Lease& lease, Survey& survey, const PublishOptions& options,
        const stack::ReleaseDocument& document)
      : destination_(destination),
        survey_(survey),
        options_(options),
        watch_(lease, options.lease.ttl) {
    for (const stack::DocumentTag& tag : document.tags)
      ours_[{tag.repository, tag.tag}].insert(tag.old_digest);
    if (document.former.empty()) return;
    const auto former =
        stack::ReleaseDocument::parse(document.former, "'" + document.id + "', 'former'");
    for (const stack::DocumentTag& tag : former.tags) {
      const auto found = ours_.find({tag.repository, tag.tag});
      if (found != ours_.end()) found->second.insert(tag.new_digest);
    }
  }

  /// Moves a batch of `moves` from `at` on; returns where it ends. Begins again while what is known
  /// goes out of date under it. Throws as Destination::put_tags and Lease::require, and
  /// UnreachableError when it never gets through.
  std::size_t move(const std::vector<TagPut>& moves, std::size_t at) {
    for (int tries = 1;; ++tries) {
      Moved now;
      std::size_t end = at;
      try {
        check_interrupted();
        end = end_of_batch(moves, at);
        const std::vector<TagPut> batch(moves.begin() + static_cast<std::ptrdiff_t>(at),
                                        moves.begin() + static_cast<std::ptrdiff_t>(end));
        watch_.before(batch.size());
        put(due(batch, now), now);
      } catch (const OutOfDate&) {
        if (tries == kMostTries) {
          throw UnreachableError("it takes so long that nobody can tell what the tags name now");
        }
        survey_.forget();
        is_slow_ = true;
        continue;
      }
      moved_.count += now.count;
      moved_.refused.merge(now.refused);
      moved_.foreign.merge(now.foreign);
      return end;
    }
  }

  const Moved& moved() const { return moved_; }

 private:
  /// No more than go in the requests that are on their way at once: what is left of a batch goes
  /// out unasked when a process goes on that stood still. Where that takes too long, since each of
  /// them is looked at first, only so many tags. No index beside manifests: while registry 2.8 sets
  /// a tag, it lacks for a moment what the tag names, and refuses an index of it.
  std::size_t end_of_batch(const std::vector<TagPut>& moves, std::size_t at) const {
    const auto few = static_cast<std::size_t>(std::max(options_.at_once, 1));
    const std::size_t most = is_slow_ ? few : std::max(few, kTagsAQuestion);
    const std::size_t last = at + std::min(most, destination_.reach(moves, at, options_.at_once));
    const bool is_index = oci::is_index_type(moves[at].media_type);
    std::size_t end = at + 1;
    while (end < last && oci::is_index_type(moves[end].media_type) == is_index)
      ++end;
    return end;
  }

  /// Those that are still to be moved, and may be.
  std::vector<TagPut> due(const std::vector<TagPut>& batch, Moved& moved) {
    std::vector<TagName> names;
    for (const TagPut& put : batch)
      names.push_back(name_of(put));
    survey_.look(names, options_.fresh / 2);  // and as long again until it is sent
    ask_again(batch);
    std::vector<TagPut> all;
    for (const TagPut& put : batch) {
      const TagName name = name_of(put);
      if (survey_.at(name) == put.digest) {
        // Of a batch that went out of date under it some had gone out.
        if (sent_.contains(name)) ++moved.count;
      } else if (is_foreign(put)) {
        moved.foreign.insert(name.text());
      } else {
        all.push_back(put);
      }
    }
    return all;
  }

  /// Whether a tag holds neither what it is to hold, nor what the plan saw there, nor what the
  /// former release put there: where the plan was told a wrong digest, that one is still ours.
  bool is_foreign(const TagPut& put) const {
    const auto& held = survey_.at(name_of(put));
    return held && *held != put.digest && !ours_.at(name_of(put)).contains(held->to_string());
  }

  /// A registry that names a wrong digest once is not somebody who moved a tag.
  void ask_again(const std::vector<TagPut>& batch) {
    for (int times = 0; times < kMoreAnswers; ++times) {
      std::vector<TagName> doubtful;
      for (const TagPut& put : batch) {
        if (is_foreign(put)) doubtful.push_back(name_of(put));
      }
      survey_.look(doubtful, std::chrono::milliseconds(0));
    }
  }

  void put(const std::vector<TagPut>& batch, Moved& moved) {
    if (batch.empty()) return;
    moved.count += static_cast<int>(batch.size());
    for (const TagPut& put : batch)
      sent_.insert(name_of(put));
    try {
      destination_.put_tags(batch, [this] { watch_.confirm(); });
    } catch (const ImmutableTagError& error) {
      moved.count -= static_cast<int>(error.tags().size());
      moved.refused.insert(error.tags().begin(), error.tags().end());
    }
  }

  Destination& destination_;
  Survey& survey_;
  const PublishOptions& options_;
  Watch watch_;
  std::map<TagName, std::set<std::string>> ours_;  ///< what may be moved over, "" for nothing
  std::set<TagName> sent_;
  bool is_slow_ = false;
  Moved moved_;
};

void tell(Destination& destination, const stack::ReleaseDocument& document, const Moved& moved,
          const PublishOptions& options) {
  if (!options.say) return;
  for (const std::string& tag : moved.refused)
    options.say(destination.name() + " lets nobody move '" + tag + "': it stays");
  for (const std::string& tag : moved.foreign) {
    options.say("'" + tag + "' was moved by somebody else while release '" + document.id +
                "' was open: it stays");
  }
}

}  // namespace

std::vector<TagPut> moves_of(const stack::ReleaseDocument& document) {
  std::vector<TagPut> moves;
  for (const stack::DocumentTag& tag : document.tags) {
    if (!tag.moves) continue;
    const auto bytes = document.documents.find(tag.new_digest);
    const oci::Digest digest = oci::Digest::parse(tag.new_digest);
    if (bytes == document.documents.end() || oci::Digest::of(bytes->second) != digest) {
      throw Error("release '" + document.id + "' does not hold the bytes of '" + tag.new_digest +
                  "', which '" + tag.repository + ":" + tag.tag + "' is to name");
    }
    moves.push_back({tag.repository, tag.tag, digest, tag.new_media_type, bytes->second});
  }
  return moves;
}

Moved move_tags(Destination& destination, Lease& lease, const stack::ReleaseDocument& document,
                Survey& survey, const PublishOptions& options) {
  Mover mover(destination, lease, survey, options, document);
  const std::vector<TagPut> moves = moves_of(document);
  for (std::size_t at = 0; at < moves.size();) {
    const auto stopped = [&](const std::string& why) {
      return fmt::format("release '{}' stopped in {} at '{}', after {} of {} tags: {}", document.id,
                         destination.name(), name_of(moves[at]).text(), at, moves.size(), why);
    };
    constexpr const char* kHint = "cairn release resume, or cairn release rollback";
    try {
      at = mover.move(moves, at);
    } catch (const UnreachableError& error) {
      throw UnreachableError(stopped(error.what()), kHint);
    } catch (const Interrupted& error) {
      throw Interrupted(stopped(error.what()), kHint);
    } catch (const Error& error) {
      throw UserError(stopped(error.what()), kHint);
    }
  }
  tell(destination, document, mover.moved(), options);
  return mover.moved();
}

void note_stays(stack::ReleaseDocument& document, const Moved& moved) {
  if (moved.foreign.empty() && moved.refused.empty()) return;
  stack::ReleaseDocument former;
  if (!document.former.empty())
    former = stack::ReleaseDocument::parse(document.former, "'" + document.id + "', 'former'");
  std::erase_if(document.tags, [&](stack::DocumentTag& tag) {
    const std::string name = tag.repository + ":" + tag.tag;
    const bool is_foreign = moved.foreign.contains(name);
    if (!is_foreign && !moved.refused.contains(name)) return false;
    // What is known of it is what was known before, and not what is said of what it was to hold.
    const stack::DocumentTag* said = former.find_tag(tag.repository, tag.tag);
    if (is_foreign) {
      if (said != nullptr) document.carried.tags.insert(document.carried.tags.begin(), *said);
      return true;
    }
    const bool is_known = said != nullptr && said->new_digest == tag.old_digest;
    tag.take_facts(is_known ? said : nullptr);
    tag.moves = false;
    tag.new_digest = tag.old_digest;
    return tag.new_digest.empty();
  });
}

void let_go(Lease& lease, const Error& error) {
  if (error.exit_code() == ExitCode::unreachable) return;
  try {
    lease.let_go();
  } catch (const Error&) {
  }
}

}  // namespace cairn::publish
