// SPDX-License-Identifier: BSD-3-Clause
#include "base/error.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "publish/history.hpp"
#include "publish/moves.hpp"
#include "publish/prepare.hpp"
#include "publish/release_document.hpp"
#include "publish/standing.hpp"
#include "publish/survey.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>

namespace cairn::publish {
namespace {

class Rollback {
 public:
  Rollback(const std::string& root_repository, Destination& destination,
           const PublishOptions& options)
      : destination_(destination),
        options_(options),
        root_repository_(root_repository),
        journal_(destination, root_repository),
        survey_(destination, options.at_once) {}

  RollbackReport run();

 private:
  void find_release();
  void look();
  void take_bytes();
  void require_children() const;
  void carry_left_out();
  void drop_what_never_was();
  void note_facts();
  void release_at_once();
  void release_under_lease();
  HeldDocument former(const stack::DocumentTag& tag);
  std::string way_on() const;

  Destination& destination_;
  const PublishOptions& options_;
  const std::string& root_repository_;
  Journal journal_;
  Survey survey_;
  std::optional<JournalEntry> current_;  ///< what the journal names
  std::optional<History> history_;
  const JournalEntry* undone_ = nullptr;  ///< the release that is taken back
  stack::ReleaseDocument document_;       ///< ours
  RollbackReport report_;
};

void Rollback::find_release() {
  current_ = journal_.read();
  require_free(current_, journal_, destination_, options_);
  history_.emplace(journal_, current_);
  undone_ = history_->newest();
  if (undone_ == nullptr) {
    throw UserError("no release in '" + journal_.place() + "'",
                    "publish one: cairn release publish");
  }
  if (undone_->document.kind != "rollback") return;
  const bool is_open = undone_->document.state == stack::ReleaseState::open;
  throw UserError(
      fmt::format("release '{}' {} of '{}' itself", undone_->document.id,
                  is_open ? "is an unfinished rollback" : "is the rollback",
                  undone_->document.undoes),
      is_open ? "finish it: cairn release resume" : "publish again: cairn release publish");
}

/// What each tag of the release holds now says what becomes of it.
void Rollback::look() {
  report_.restored.clear();
  report_.kept.clear();
  report_.foreign.clear();
  document_ = {};
  const std::int64_t time = options_.time != 0 ? options_.time : unix_now();
  document_.id = report_.id.empty() ? release_id(time) : report_.id;
  report_.id = document_.id;
  document_.time = time;
  document_.stack = undone_->document.stack;
  document_.state = stack::ReleaseState::open;
  document_.kind = "rollback";
  document_.undoes = report_.undoes = undone_->document.id;
  std::vector<TagName> names;
  for (const stack::DocumentTag& tag : undone_->document.tags)
    names.push_back({tag.repository, tag.tag});
  survey_.look(names, options_.fresh);
  for (stack::DocumentTag tag : undone_->document.tags) {
    const TagName name{tag.repository, tag.tag};
    const auto& held = survey_.at(name);
    const std::string digest = held ? held->to_string() : "";
    const bool is_ours = digest == tag.new_digest;
    if (is_ours && tag.moves && !tag.old_digest.empty()) {
      report_.restored.push_back(name.text());
      std::swap(tag.old_digest, tag.new_digest);
      document_.tags.push_back(tag);
    } else if (is_ours || (digest == tag.old_digest && held)) {
      if (is_ours && tag.moves) report_.kept.push_back(name.text());
      tag.old_digest = tag.new_digest = digest;
      tag.moves = false;
      document_.tags.push_back(tag);
    } else if (held) {
      report_.foreign.push_back(name.text());
    }
  }
  // The way back: what was moved last goes first.
  std::reverse(document_.tags.begin(), document_.tags.end());
}

HeldDocument Rollback::former(const stack::DocumentTag& tag) {
  const std::string& digest = tag.new_digest;
  const HeldDocument* held = nullptr;
  const std::string* kept = history_->bytes(digest);
  if (kept == nullptr) held = survey_.manifest(tag.repository, digest);
  if (kept == nullptr && held == nullptr) {
    throw UserError(fmt::format("release '{}' cannot be taken back: '{}' named '{}', which is gone",
                                undone_->document.id, tag.repository + ":" + tag.tag, digest),
                    way_on());
  }
  HeldDocument document{oci::Digest::parse(digest), held ? held->media_type : "",
                        held ? held->bytes : *kept};
  if (kept != nullptr) {
    const Json json = Json::parse(*kept, nullptr, /*allow_exceptions=*/false);
    document.media_type = json.is_object() ? string_or(json, "mediaType", "") : "";
    if (document.media_type.empty()) {
      held = survey_.manifest(tag.repository, digest);
      document.media_type = held != nullptr ? held->media_type : tag.new_media_type;
    }
  }
  return document;
}

void Rollback::take_bytes() {
  std::set<std::pair<std::string, std::string>> unknown;
  for (const stack::DocumentTag& tag : document_.tags) {
    if (tag.moves && history_->bytes(tag.new_digest) == nullptr)
      unknown.emplace(tag.repository, tag.new_digest);
  }
  survey_.fetch(unknown);
  for (stack::DocumentTag& tag : document_.tags) {
    if (!tag.moves) continue;
    HeldDocument held = former(tag);
    tag.new_media_type = held.media_type;
    document_.documents.insert_or_assign(tag.new_digest, std::move(held.bytes));
    if (const std::string* ours = history_->bytes(tag.old_digest))
      document_.documents.emplace(tag.old_digest, *ours);
  }
}

/// All or none: a tag must not go back to an index whose manifests were collected meanwhile. A
/// manifest that no index names must be there itself, as nobody can ask for what it names.
void Rollback::require_children() const {
  std::set<std::pair<std::string, std::string>> needed;
  for (const stack::DocumentTag& tag : document_.tags) {
    if (!tag.moves) continue;
    if (!oci::is_index_type(tag.new_media_type)) {
      needed.emplace(tag.repository, tag.new_digest);
      continue;
    }
    const oci::Index index =
        oci::parse_index(document_.documents.at(tag.new_digest), "'" + tag.new_digest + "'");
    for (const oci::Descriptor& child : index.manifests)
      needed.emplace(tag.repository, child.digest.to_string());
  }
  const Places all(needed.begin(), needed.end());
  const std::vector<char> there = which_are_there(destination_, all, options_.at_once);
  std::vector<std::string> gone;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (there[i] == 0) gone.push_back("'" + all[i].first + "@" + all[i].second + "'");
  }
  if (gone.empty()) return;
  throw UserError("release '" + undone_->document.id +
                      "' cannot be taken back: what it replaced is "
                      "gone from " +
                      destination_.name() + ":\n" + join(gone, "\n"),
                  way_on());
}

/// What to type when it cannot be taken back.
std::string Rollback::way_on() const {
  const bool is_open = undone_->document.state == stack::ReleaseState::open;
  return is_open ? "finish it: cairn release resume; where that fails as well, " +
                       way_out_of(undone_->document, /*cannot_go_back=*/true)
                 : "nothing has moved; publish again: cairn release publish";
}

/// An image that the release taken back left out has no tag of ours: it is carried, as are its
/// tags.
void Rollback::carry_left_out() {
  std::set<std::string> targets;
  for (const stack::DocumentTag& tag : document_.tags)
    targets.insert(tag.target);
  auto& images = document_.images;
  const auto left_out = std::stable_partition(
      images.begin(), images.end(),
      [&](const stack::DocumentImage& image) { return targets.contains(image.target); });
  auto& carried = document_.carried.images;
  carried.insert(carried.end(), left_out, images.end());
  images.erase(left_out, images.end());
}

/// What is known of what the tags name from now on: by the releases before the one taken back. Its
/// own facts are carried for tags that somebody else has moved, or removed.
void Rollback::note_facts() {
  for (stack::DocumentTag& tag : document_.tags) {
    const auto said = history_->find(tag.repository, tag.tag, tag.new_digest);
    tag.take_facts(said ? &*said : nullptr);
  }
  if (const JournalEntry* before = history_->before_newest()) {
    document_.images = before->document.images;
    document_.commit = before->document.commit;
    document_.version = before->document.version;
    document_.carried.images = before->document.carried.images;
    carry_left_out();
  }
  keep_former(document_, *undone_);
  if (undone_->document.state == stack::ReleaseState::open) drop_what_never_was();
}

/// A release that was left open names tags that it has not put there yet, and images without any.
void Rollback::drop_what_never_was() {
  std::set<TagName> never;
  for (const stack::DocumentTag& tag : undone_->document.tags) {
    const TagName name{tag.repository, tag.tag};
    if (tag.old_digest.empty() && !survey_.at(name)) never.insert(name);
  }
  stack::Carried& carried = document_.carried;
  std::erase_if(carried.tags, [&](const stack::DocumentTag& tag) {
    return never.contains({tag.repository, tag.tag});
  });
  std::set<std::string> targets;
  for (const auto* tags : {&document_.tags, &carried.tags}) {
    for (const stack::DocumentTag& tag : *tags)
      targets.insert(tag.target);
  }
  std::erase_if(carried.images,
                [&](const stack::DocumentImage& image) { return !targets.contains(image.target); });
}

void Rollback::release_under_lease() {
  Lease lease(journal_, destination_, document_, current_, options_.lease);
  try {
    if (lease.is_doubtful()) {
      survey_.forget();
      look();
      take_bytes();
      require_children();
      note_facts();
      lease.write(document_);
    }
    const Moved moved = move_tags(destination_, lease, document_, survey_, options_);
    note_stays(document_, moved);
    std::erase_if(report_.restored, [&](const std::string& name) {
      return moved.refused.contains(name) || moved.foreign.contains(name);
    });
    report_.kept.insert(report_.kept.end(), moved.refused.begin(), moved.refused.end());
    report_.foreign.insert(report_.foreign.end(), moved.foreign.begin(), moved.foreign.end());
    document_.state = stack::ReleaseState::closed;
    lease.write(document_);
  } catch (const Error& error) {
    let_go(lease, error);
    throw;
  }
}

/// It does not begin anew with what is there now: that may be a release nobody asked to take back.
void Rollback::release_at_once() {
  document_.state = stack::ReleaseState::closed;
  std::vector<TagPut> puts = moves_of(document_);
  puts.push_back(journal_.prepare(document_));
  std::vector<TagState> seen{{root_repository_, kReleaseTag, digest_of(current_)}};
  for (const stack::DocumentTag& tag : undone_->document.tags)
    seen.push_back({tag.repository, tag.tag, survey_.at({tag.repository, tag.tag})});
  if (destination_.put_tags_if(puts, seen)) return;
  throw UserError(
      "somebody else has changed " + destination_.name() + " meanwhile: nothing was taken back",
      "run it again: it begins with what is there now");
}

RollbackReport Rollback::run() {
  find_release();
  look();
  take_bytes();
  require_children();
  note_facts();
  if (report_.restored.empty() && undone_->document.state == stack::ReleaseState::closed) {
    report_.id.clear();
    return std::move(report_);
  }
  destination_.is_atomic() ? release_at_once() : release_under_lease();
  return std::move(report_);
}

}  // namespace

RollbackReport rollback(const std::string& root_repository, Destination& destination,
                        const PublishOptions& options) {
  return Rollback(root_repository, destination, options).run();
}

}  // namespace cairn::publish
