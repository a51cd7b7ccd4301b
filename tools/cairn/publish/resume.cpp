// SPDX-License-Identifier: BSD-3-Clause
#include "base/error.hpp"
#include "publish/moves.hpp"
#include "publish/release_document.hpp"
#include "publish/standing.hpp"
#include "publish/survey.hpp"

#include <fmt/core.h>

#include <set>

namespace cairn::publish {
namespace {

constexpr const char* kRollback = "take it back: cairn release rollback";

/// The bytes that a release document holds, as a place to push from.
class DocumentSource : public registry::BlobSource {
 public:
  explicit DocumentSource(const stack::ReleaseDocument& document) : document_(document) {}

  std::string name() const override { return "release '" + document_.id + "'"; }

  std::unique_ptr<registry::Reader> open(const oci::Descriptor& blob,
                                         std::uint64_t offset) override {
    const auto found = document_.documents.find(blob.digest.to_string());
    if (found == document_.documents.end() || offset > found->second.size()) {
      throw UserError("'" + blob.digest.to_string() + "' is gone from the destination", kRollback);
    }
    return registry::read_from(found->second, offset);
  }

 private:
  const stack::ReleaseDocument& document_;
};

/// Everything that the release names by digest is there, or is put there again.
void push_documents(const stack::ReleaseDocument& document, Destination& destination) {
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
  DocumentSource source(document);
  try {
    destination.push(source, items);
  } catch (const UserError& error) {
    throw UserError("release '" + document.id + "' cannot be finished: " + error.what(),
                    error.hint().empty() ? kRollback : error.hint());
  }
}

}  // namespace

void require_free(const std::optional<JournalEntry>& entry, const Journal& journal,
                  Destination& destination, const PublishOptions& options) {
  if (!entry || options.lease.take_over) return;
  const std::int64_t now = destination.now();
  if (is_held(entry->document, now)) refuse_held(entry->document, journal.place(), now);
}

Finished finish(Journal& journal, Destination& destination, const JournalEntry& open,
                const PublishOptions& options) {
  if (options.say) {
    options.say(fmt::format("finishing release '{}' in {}, which {} left open", open.document.id,
                            destination.name(), open.document.holder));
  }
  Lease lease(journal, destination, open.document, open, options.lease);
  Finished finished{open.document.id, {lease.digest(), lease.document()}, 0, {}, {}};
  stack::ReleaseDocument& document = finished.closed.document;
  try {
    push_documents(document, destination);
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

}  // namespace cairn::publish
