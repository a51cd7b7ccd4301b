// SPDX-License-Identifier: BSD-3-Clause
#include "base/error.hpp"
#include "publish/history.hpp"
#include "publish/moves.hpp"
#include "publish/release_document.hpp"
#include "publish/standing.hpp"
#include "publish/survey.hpp"

#include <fmt/core.h>

#include <set>

namespace cairn::publish {
namespace {

/// The bytes that a release document holds, as a place to push from; for what it does not hold
/// there may be another place.
class DocumentSource : public registry::BlobSource {
 public:
  DocumentSource(const stack::ReleaseDocument& document, registry::BlobSource* further)
      : document_(document), further_(further) {}

  std::string name() const override { return "release '" + document_.id + "'"; }

  std::unique_ptr<registry::Reader> open(const oci::Descriptor& blob,
                                         std::uint64_t offset) override {
    const auto found = document_.documents.find(blob.digest.to_string());
    if (found != document_.documents.end() && offset <= found->second.size()) {
      return registry::read_from(found->second, offset);
    }
    if (further_ != nullptr) {
      try {
        return further_->open(blob, offset);
      } catch (const UserError&) {
        // It has other releases.
      }
    }
    throw UserError("'" + blob.digest.to_string() + "' is gone from the destination",
                    way_out_of(document_));
  }

 private:
  const stack::ReleaseDocument& document_;
  registry::BlobSource* further_;
};

/// Everything that the release names by digest is there, or is put there again.
void push_documents(const stack::ReleaseDocument& document, Destination& destination,
                    registry::BlobSource* further) {
  const std::vector<TagPut> puts = moves_of(document);
  std::set<std::pair<std::string, oci::Digest>> chosen;
  std::vector<Destination::Item> items;
  const auto add = [&](const std::string& repository, const oci::Descriptor& descriptor) {
    if (chosen.emplace(repository, descriptor.digest).second)
      items.push_back({repository, descriptor});
  };
  for (const TagPut& put : puts) {
    // An index that is there says nothing of its manifests.
    if (oci::is_index_type(put.media_type)) {
      const std::string where = "release '" + document.id + "'";
      for (const oci::Descriptor& child : oci::parse_index(put.bytes, where).manifests)
        add(put.repository, child);
    }
  }
  for (const TagPut& put : puts)
    add(put.repository, {put.media_type, put.digest, put.bytes.size(), std::nullopt});
  DocumentSource source(document, further);
  try {
    destination.push(source, items);
  } catch (const UserError& error) {
    throw UserError("release '" + document.id + "' cannot be finished: " + error.what(),
                    error.hint().empty() ? way_out_of(document) : error.hint());
  }
}

}  // namespace

void require_free(const std::optional<JournalEntry>& entry, const Journal& journal,
                  Destination& destination, const PublishOptions& options) {
  if (!entry || options.lease.take_over) return;
  const std::int64_t now = destination.now();
  if (is_held(entry->document, now)) refuse_held(entry->document, journal.place(), now);
}

std::string way_out_of(const stack::ReleaseDocument& open, bool cannot_go_back) {
  if (open.kind != "rollback" && !cannot_go_back) return "take it back: cairn release rollback";
  return "give it up as it stands: cairn release resume --abandon " + open.id;
}

Finished finish(Journal& journal, Destination& destination, const JournalEntry& open,
                const PublishOptions& options, registry::BlobSource* further) {
  if (options.say) {
    options.say(fmt::format("finishing release '{}' in {}, which {} left open", open.document.id,
                            destination.name(), open.document.holder));
  }
  Lease lease(journal, destination, open.document, open, options.lease);
  Finished finished{open.document.id, {lease.digest(), lease.document()}, 0, {}, {}};
  stack::ReleaseDocument& document = finished.closed.document;
  try {
    push_documents(document, destination, further);
    Survey survey(destination, options.at_once);
    const Moved moved = move_tags(destination, lease, document, survey, options);
    note_stays(document, moved);
    finished.moved = moved.count;
    finished.refused.assign(moved.refused.begin(), moved.refused.end());
    finished.foreign.assign(moved.foreign.begin(), moved.foreign.end());
    document.state = stack::ReleaseState::closed;
    lease.write(document);
  } catch (const Error& error) {
    let_go(lease, error);
    throw;
  }
  finished.closed = {lease.digest(), lease.document()};
  return finished;
}

namespace {

/// Ends a lease under which nothing has moved, so that nobody waits for whoever had it.
void end_lease(Journal& journal, Destination& destination, const JournalEntry& leased,
               const PublishOptions& options) {
  Lease lease(journal, destination, leased.document, leased, options.lease);
  lease.let_go();
  if (options.say) {
    options.say("took the lease in " + destination.name() + " from " + leased.document.holder +
                ": release '" + leased.document.id + "' has moved no tag");
  }
}

}  // namespace

std::optional<std::string> resume(const std::string& root_repository, Destination& destination,
                                  const PublishOptions& options) {
  Journal journal(destination, root_repository);
  const std::optional<JournalEntry> entry = journal.read();
  if (!entry || entry->document.state == stack::ReleaseState::closed) return std::nullopt;
  require_free(entry, journal, destination, options);
  if (entry->document.state == stack::ReleaseState::leased) {
    if (is_held(entry->document, destination.now())) {
      end_lease(journal, destination, *entry, options);
    }
    return std::nullopt;
  }
  return finish(journal, destination, *entry, options).id;
}

namespace {

/// Notes of each tag what it names now, and gives back those that had not moved.
std::vector<std::string> note_standing(stack::ReleaseDocument& document, const Survey& survey,
                                       History& history) {
  std::vector<std::string> stayed;
  std::erase_if(document.tags, [&](stack::DocumentTag& tag) {
    const TagName name{tag.repository, tag.tag};
    const auto& held = survey.at(name);
    const std::string digest = held ? held->to_string() : "";
    if (digest == tag.new_digest) return false;
    stayed.push_back(name.text());
    if (!held) return true;
    const auto said = history.find(tag.repository, tag.tag, digest);
    tag.platforms = said ? said->platforms : std::vector<oci::Platform>();
    tag.probe = said ? said->probe : "";
    tag.version = said ? said->version : "";
    tag.created = said ? said->created : 0;
    tag.old_digest = tag.new_digest = digest;
    tag.moves = false;
    return false;
  });
  return stayed;
}

}  // namespace

std::vector<std::string> abandon(const std::string& root_repository, Destination& destination,
                                 const std::string& id, const PublishOptions& options) {
  Journal journal(destination, root_repository);
  const std::optional<JournalEntry> entry = journal.read();
  const bool is_open = entry && entry->document.state == stack::ReleaseState::open;
  if (!is_open || entry->document.id != id) {
    throw UserError(
        "release '" + id + "' is not open in " + destination.name(),
        is_open ? "the one that is: '" + entry->document.id + "'" : "nothing has to be given up");
  }
  require_free(entry, journal, destination, options);
  Lease lease(journal, destination, entry->document, *entry, options.lease);
  stack::ReleaseDocument document = lease.document();
  std::vector<TagName> names;
  for (const stack::DocumentTag& tag : document.tags)
    names.push_back({tag.repository, tag.tag});
  Survey survey(destination, options.at_once);
  survey.look(names, options.fresh);
  History history(journal, entry);
  std::vector<std::string> stayed = note_standing(document, survey, history);
  document.state = stack::ReleaseState::closed;
  lease.write(document);
  return stayed;
}

}  // namespace cairn::publish
