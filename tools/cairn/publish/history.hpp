// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "publish/journal.hpp"

#include <deque>
#include <optional>
#include <string>

namespace cairn::publish {

/// What the release documents of a stack know: the current one, and those before it, which are read
/// as far back as somebody asks for what newer ones do not know. Not to be shared by threads.
class History {
 public:
  /// `current`: what the journal names now. A lease under which nothing was moved yet counts as
  /// what was before it.
  History(Journal& journal, const std::optional<JournalEntry>& current);

  /// What was said of `tag` when it got `digest`; nothing when no release is known to have put it
  /// there.
  std::optional<stack::DocumentTag> find(const std::string& repository, const std::string& tag,
                                         const std::string& digest);
  /// Whether a release is known to have put `tag` there, with whatever digest.
  bool names(const std::string& repository, const std::string& tag);
  /// Whether any image or tag of a known release is `digest`.
  bool knows(const std::string& digest);
  /// What the newest release that had the image `target` says of it.
  const stack::DocumentImage* image(const std::string& target);
  /// Bytes of an index or manifest that a document read so far has kept, of this digest.
  const std::string* bytes(const std::string& digest) const;

  /// The newest document under which tags moved; none in a new destination.
  const JournalEntry* newest() const { return entries_.empty() ? nullptr : &entries_.front(); }
  /// The document before `newest`.
  const JournalEntry* before_newest();

 private:
  bool read_on();
  template <typename Holds>
  const JournalEntry* first(const Holds& holds);

  Journal& journal_;
  std::deque<JournalEntry> entries_;  ///< newest first; keeps addresses
  bool ended_ = false;
};

}  // namespace cairn::publish
