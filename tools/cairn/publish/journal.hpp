// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "publish/destination.hpp"
#include "stack/release/document.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace cairn::publish {

using stack::kReleaseTag;

struct JournalEntry {
  oci::Digest digest;  ///< of the artifact that holds the document
  stack::ReleaseDocument document;
};

/// Of what was read; nothing where nothing was.
std::optional<oci::Digest> digest_of(const std::optional<JournalEntry>& entry);

/// The release document as an artifact (image-spec 1.1, manifest.md "Guidelines for Artifact
/// Usage") in the root repository of a stack.
class Journal {
 public:
  Journal(Destination& destination, std::string root_repository);

  /// The current document. Throws UserError when the tag names something else than one.
  std::optional<JournalEntry> read();
  /// The document with this digest.
  std::optional<JournalEntry> read(const oci::Digest& digest);
  /// Brings there what `document` consists of, and moves nothing: what to put under the tag.
  TagPut prepare(const stack::ReleaseDocument& document);
  /// Moves the tag to what was prepared. `before_each` as of Destination::put_tags.
  void move_to(const TagPut& prepared, const std::function<void()>& before_each = {});
  /// Both, one after the other; returns the artifact's digest.
  oci::Digest write(const stack::ReleaseDocument& document);
  /// What the tag names now: one HEAD.
  std::optional<oci::Digest> digest();
  /// Whether the tag still names `digest`: one HEAD.
  bool still_names(const oci::Digest& digest);

  /// `quay.io/jupyter/docker-stacks-foundation:cairn-release`, as it lies there.
  std::string place() const;

 private:
  std::optional<JournalEntry> read_named(const std::string& tag_or_digest);

  Destination& destination_;
  std::string repository_;
};

struct LeaseOptions {
  std::chrono::milliseconds settle{5000};  ///< between the PUT and reading it back
  std::chrono::seconds ttl{300};           ///< by the registry's clock
  bool take_over = false;                  ///< from a holder whose time is not over yet
  std::function<void(std::chrono::milliseconds)> sleep;  ///< unset: really sleeps
};

/// Whether whoever wrote `document` may still move tags at `now`: it is not closed, and its time
/// to live is not over.
bool is_held(const stack::ReleaseDocument& document, std::int64_t now);

/// Throws UserError: who is at work on `place`, since when, and how long that lasts.
[[noreturn]] void refuse_held(const stack::ReleaseDocument& document, const std::string& place,
                              std::int64_t now);

/// The right to move the tags of a stack in one destination, held in `cairn-release` itself. No
/// registry compares and swaps: two that come at once both write, both wait until what they wrote
/// has settled, and the one that was overwritten stops.
class Lease {
 public:
  /// Takes it, over `current` (nothing, closed, or expired by the registry's clock; an open one
  /// only for the same release or for a rollback of it). Sets holder, renewed and ttl. Throws
  /// UserError naming holder and time when somebody else holds it, before or after.
  Lease(Journal& journal, Destination& destination, stack::ReleaseDocument document,
        const std::optional<JournalEntry>& current, const LeaseOptions& options);

  /// Throws UserError when the document is not ours any more: nothing may be moved then. Renews it
  /// when more than a third of the time to live is over. False when all of it was: somebody else
  /// may have held it, and given it back, meanwhile.
  bool require();
  /// Writes `document` (ours, further on) in place of the present one, after require().
  void write(stack::ReleaseDocument document);
  /// Leaves what is written with no time to live: nobody has to wait for us. An interrupt does not
  /// keep it from that, unless it takes long or a second one comes. Throws as require.
  void let_go();

  /// Whether somebody else may have held it between our look and our PUT, so that what was planned
  /// before must be looked at again, however young it is.
  bool is_doubtful() const { return doubtful_; }
  const oci::Digest& digest() const { return digest_; }
  const stack::ReleaseDocument& document() const { return document_; }

 private:
  void check(const std::optional<JournalEntry>& current) const;
  TagPut prepare(std::int64_t now);
  void move_to(const TagPut& prepared, const std::optional<oci::Digest>& former, std::int64_t now);
  bool renew();  ///< as require
  void require_still(const std::optional<oci::Digest>& former, const oci::Digest& ours);
  void confirm(const std::optional<oci::Digest>& former);
  [[noreturn]] void refuse_lost() const;

  Journal& journal_;
  Destination& destination_;
  stack::ReleaseDocument document_;
  LeaseOptions options_;
  oci::Digest digest_;  ///< of what we wrote last
  oci::Digest sent_;    ///< of what we sent last: it may be there, whatever we were told
  stack::ReleaseDocument written_;  ///< what `digest_` is of
  std::int64_t renewed_ = 0;        ///< when we did, by the registry's clock
  bool doubtful_ = false;
};

}  // namespace cairn::publish
