// SPDX-License-Identifier: BSD-3-Clause
#include "publish/history.hpp"

#include "base/error.hpp"

#include <algorithm>

namespace cairn::publish {
namespace {

constexpr std::size_t kFarthest = 8;  // documents: each may be a GET of some 100 kB

/// What `entry` keeps of the document before it.
std::optional<JournalEntry> kept_former(const JournalEntry& entry, const std::string& place) {
  const stack::ReleaseDocument& document = entry.document;
  if (document.former.empty() || document.previous.empty()) return std::nullopt;
  return JournalEntry{oci::Digest::parse(document.previous),
                      stack::ReleaseDocument::parse(document.former, "'" + place + "', 'former'")};
}

}  // namespace

History::History(Journal& journal, const std::optional<JournalEntry>& current) : journal_(journal) {
  if (!current) {
    ended_ = true;
    return;
  }
  entries_.push_back(*current);
  while (!entries_.empty() && entries_.back().document.state == stack::ReleaseState::leased) {
    const bool more = read_on();
    entries_.pop_front();
    if (!more) break;
  }
}

bool History::read_on() {
  if (ended_ || entries_.empty() || entries_.size() >= kFarthest) return false;
  const std::string& previous = entries_.back().document.previous;
  std::optional<JournalEntry> entry;
  try {
    if (!previous.empty()) entry = journal_.read(oci::Digest::parse(previous));
  } catch (const Error& error) {
    // Registries collect what no tag names: what is older than what is kept is then not known.
    if (error.exit_code() != ExitCode::failed) throw;
  }
  if (!entry) entry = kept_former(entries_.back(), journal_.place());
  ended_ = !entry;
  if (entry) entries_.push_back(std::move(*entry));
  return !ended_;
}

template <typename Holds>
const JournalEntry* History::first(const Holds& holds) {
  for (std::size_t i = 0; i < entries_.size() || read_on(); ++i) {
    if (holds(entries_[i].document)) return &entries_[i];
  }
  return nullptr;
}

std::optional<stack::DocumentTag> History::find(const std::string& repository,
                                                const std::string& tag, const std::string& digest) {
  std::optional<stack::DocumentTag> found;
  first([&](const stack::ReleaseDocument& document) {
    const stack::DocumentTag* one = document.find_tag(repository, tag);
    if (one != nullptr && one->new_digest == digest) found = *one;
    return found.has_value();
  });
  return found;
}

bool History::names(const std::string& repository, const std::string& tag) {
  return first([&](const stack::ReleaseDocument& document) {
           return document.find_tag(repository, tag) != nullptr;
         }) != nullptr;
}

bool History::knows(const std::string& digest) {
  return first([&](const stack::ReleaseDocument& document) {
           const auto is_it = [&](const stack::DocumentTag& one) {
             return one.new_digest == digest;
           };
           const auto has_it = [&](const stack::DocumentImage& one) {
             const auto is_platform = [&](const stack::DocumentImage::Platform& platform) {
               return platform.manifest_digest == digest;
             };
             return one.index_digest == digest ||
                    std::any_of(one.platforms.begin(), one.platforms.end(), is_platform);
           };
           const stack::Carried& carried = document.carried;
           return std::any_of(document.tags.begin(), document.tags.end(), is_it) ||
                  std::any_of(document.images.begin(), document.images.end(), has_it) ||
                  std::any_of(carried.tags.begin(), carried.tags.end(), is_it) ||
                  std::any_of(carried.images.begin(), carried.images.end(), has_it);
         }) != nullptr;
}

const stack::DocumentImage* History::image(const std::string& target) {
  const stack::DocumentImage* found = nullptr;
  first([&](const stack::ReleaseDocument& document) {
    for (const auto* images : {&document.carried.images, &document.images}) {
      for (const stack::DocumentImage& one : *images) {
        if (one.target == target) found = &one;
      }
    }
    return found != nullptr;
  });
  return found;
}

const std::string* History::bytes(const std::string& digest) const {
  for (const JournalEntry& entry : entries_) {
    const auto found = entry.document.documents.find(digest);
    if (found == entry.document.documents.end()) continue;
    if (oci::Digest::of(found->second).to_string() == digest) return &found->second;
  }
  return nullptr;
}

const JournalEntry* History::before_newest() {
  if (entries_.size() < 2 && !read_on()) return nullptr;
  return &entries_[1];
}

}  // namespace cairn::publish
