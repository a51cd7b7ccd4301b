// SPDX-License-Identifier: BSD-3-Clause
#include "publish/survey.hpp"

#include "registry/parallel.hpp"

#include <algorithm>
#include <atomic>

namespace cairn::publish {
namespace {

constexpr std::size_t kWorthAList = 3;  // tags of a repository; a HEAD and a list are two requests

/// The tag of a repository that is there if any is.
bool is_likely(const std::string& tag) {
  return tag == "latest";
}

}  // namespace

std::vector<TagName> Survey::due(const std::vector<TagName>& tags,
                                 std::chrono::milliseconds fresh) const {
  const auto now = Clock::now();
  std::vector<TagName> all;
  for (const TagName& tag : tags) {
    const auto found = seen_.find(tag);
    const bool known =
        found != seen_.end() && found->second.when && now - *found->second.when < fresh;
    if (!known) all.push_back(tag);
  }
  return all;
}

void Survey::note(const TagName& tag, const std::optional<oci::Digest>& digest) {
  const std::lock_guard guard(mutex_);
  seen_[tag] = {digest, Clock::now()};
  if (digest) in_use_.insert(tag.repository);
}

// A new repository has hundreds of tags that are not there: one of them is asked for, and when it
// is absent the list.
void Survey::look_for_empty(const std::vector<TagName>& tags) {
  std::map<std::string, std::vector<TagName>> groups;
  for (const TagName& tag : tags) {
    if (!in_use_.contains(tag.repository)) groups[tag.repository].push_back(tag);
  }
  std::vector<std::vector<TagName>> doubtful;
  for (auto& [repository, group] : groups) {
    if (group.size() >= kWorthAList) doubtful.push_back(std::move(group));
  }
  std::atomic<bool> stop{false};
  registry::in_parallel(doubtful.size(), at_once_, stop, [&](std::size_t i) {
    const std::vector<TagName>& group = doubtful[i];
    auto first = std::find_if(group.begin(), group.end(),
                              [](const TagName& tag) { return is_likely(tag.tag); });
    if (first == group.end()) first = group.begin();
    const auto digest = destination_.digest(first->repository, first->tag);
    note(*first, digest);
    if (digest || !destination_.tags(first->repository).empty()) return;
    for (const TagName& tag : group)
      note(tag, std::nullopt);
    const std::lock_guard guard(mutex_);
    empty_.insert(first->repository);
  });
}

void Survey::look(const std::vector<TagName>& tags, std::chrono::milliseconds fresh) {
  const std::vector<TagName> first = due(tags, fresh);
  const auto began = Clock::now();
  look_for_empty(first);
  std::vector<TagName> rest;
  for (const TagName& tag : first) {
    const auto found = seen_.find(tag);
    if (found == seen_.end() || !found->second.when || *found->second.when < began)
      rest.push_back(tag);
  }
  std::atomic<bool> stop{false};
  registry::in_parallel(rest.size(), at_once_, stop, [&](std::size_t i) {
    note(rest[i], destination_.digest(rest[i].repository, rest[i].tag));
  });
}

void Survey::forget() {
  for (auto& [tag, seen] : seen_)
    seen.when.reset();
  empty_.clear();
}

const std::optional<oci::Digest>& Survey::at(const TagName& tag) const {
  return seen_.at(tag).digest;
}

const HeldDocument* Survey::manifest(const std::string& repository, const std::string& digest) {
  {
    const std::lock_guard guard(mutex_);
    const auto found = manifests_.find(digest);
    if (found != manifests_.end()) return found->second ? &*found->second : nullptr;
  }
  auto document = destination_.document(repository, digest);
  const std::lock_guard guard(mutex_);
  const auto& kept = manifests_.emplace(digest, std::move(document)).first->second;
  return kept ? &*kept : nullptr;
}

void Survey::fetch(const std::set<std::pair<std::string, std::string>>& manifests) {
  std::map<std::string, std::string> places;  // the same index in two repositories is one document
  for (const auto& [repository, digest] : manifests)
    places.emplace(digest, repository);
  const std::vector<std::pair<std::string, std::string>> all(places.begin(), places.end());
  std::atomic<bool> stop{false};
  registry::in_parallel(all.size(), at_once_, stop,
                        [&](std::size_t i) { manifest(all[i].second, all[i].first); });
}

std::map<std::string, stack::TagHolder> Survey::holders(const std::vector<stack::WantedTag>& wanted,
                                                        History& history) {
  std::map<std::string, stack::TagHolder> all;
  std::set<std::pair<std::string, std::string>> unknown;
  for (const stack::WantedTag& tag : wanted) {
    const TagName name{tag.repository, tag.tag};
    const auto seen = seen_.find(name);
    if (seen == seen_.end() || !seen->second.digest) continue;
    stack::TagHolder holder;
    holder.digest = seen->second.digest->to_string();
    if (const auto said = history.find(tag.repository, tag.tag, holder.digest)) {
      holder.known = true;
      holder.platforms = said->platforms;
      holder.probe = said->probe;
      holder.version = said->version;
      holder.created = said->created;
    } else if (holder.digest != tag.names.digest.to_string()) {
      unknown.emplace(tag.repository, holder.digest);
    }
    all.emplace(name.text(), holder);
  }
  fetch(unknown);
  for (const stack::WantedTag& tag : wanted) {
    const auto found = all.find(tag.repository + ":" + tag.tag);
    if (found == all.end() || !unknown.contains({tag.repository, found->second.digest})) continue;
    const HeldDocument* document = manifest(tag.repository, found->second.digest);
    if (document == nullptr || !oci::is_index_type(document->media_type)) continue;
    const oci::Index index = oci::parse_index(document->bytes, "'" + found->first + "'");
    for (const oci::Descriptor& child : index.manifests) {
      if (child.platform) found->second.platforms.push_back(*child.platform);
    }
  }
  return all;
}

}  // namespace cairn::publish
