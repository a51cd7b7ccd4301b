// SPDX-License-Identifier: BSD-3-Clause
#include "publish/release_document.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
#include <utility>

namespace cairn::publish {
namespace {

stack::DocumentTag moving(const stack::PlannedTag& planned) {
  const stack::WantedTag& wanted = planned.wanted;
  stack::DocumentTag tag;
  tag.repository = wanted.repository;
  tag.tag = wanted.tag;
  tag.kind = to_string(wanted.kind);
  tag.target = wanted.target;
  tag.old_digest = planned.old_digest;
  tag.new_digest = wanted.names.digest.to_string();
  tag.new_media_type = wanted.names.media_type;
  tag.platforms = wanted.platforms;
  tag.probe = wanted.probe;
  tag.version = wanted.version;
  tag.created = wanted.created;
  tag.pinned = wanted.pinned;
  return tag;
}

/// A tag that stays names what it named, and what was known of that is still known.
stack::DocumentTag staying(const stack::PlannedTag& planned, const stack::TagHolder& holder) {
  stack::DocumentTag tag = moving(planned);
  tag.moves = false;
  tag.old_digest = tag.new_digest = holder.digest;
  tag.platforms = holder.platforms;
  tag.probe = holder.probe;
  tag.version = holder.version;
  tag.created = holder.created;
  return tag;
}

stack::DocumentImage image_of(const stack::MergedImage& image) {
  stack::DocumentImage made{
      image.target, image.repository, image.variant, image.index.descriptor.digest.to_string(), {}};
  for (const stack::PlatformEvidence& platform : image.platforms) {
    made.platforms.push_back({platform.platform, platform.exported.manifest.digest.to_string(),
                              platform.exported.config.digest.to_string(), platform.tests,
                              platform.passed, platform.image.revision});
  }
  return made;
}

// Tags: 80 to 400 bytes and a doctor's HEAD each, and what is below.
constexpr std::size_t kMostCarried = 2000;

/// What tags and images are called.
struct Names {
  std::set<TagName> tags;
  std::set<std::string> targets;

  void add(const std::vector<stack::DocumentTag>& more_tags,
           const std::vector<stack::DocumentImage>& more_images) {
    for (const stack::DocumentTag& tag : more_tags)
      tags.insert({tag.repository, tag.tag});
    for (const stack::DocumentImage& image : more_images)
      targets.insert(image.target);
  }
};

/// Adds to `carried` what `before` knows and neither `carried` nor `document` names.
void carry(stack::ReleaseDocument& document, const stack::ReleaseDocument& before) {
  stack::Carried& carried = document.carried;
  Names known;
  known.add(document.tags, document.images);
  known.add(carried.tags, carried.images);
  for (const auto* all : {&before.tags, &before.carried.tags}) {
    for (const stack::DocumentTag& tag : *all) {
      if (!known.tags.insert({tag.repository, tag.tag}).second) continue;
      carried.tags.push_back(tag);
      carried.tags.back().old_digest = tag.new_digest;
      carried.tags.back().moves = false;
    }
  }
  for (const auto* all : {&before.images, &before.carried.images}) {
    for (const stack::DocumentImage& image : *all) {
      if (known.targets.insert(image.target).second) carried.images.push_back(image);
    }
  }
}

/// Nothing but time ends how many there are: pinned ones, and those without anything that a plan
/// compares, as full versions, are given up first, and the oldest before younger ones.
void bound(std::vector<stack::DocumentTag>& tags) {
  std::stable_partition(tags.begin(), tags.end(), [](const stack::DocumentTag& tag) {
    return !tag.pinned && (!tag.version.empty() || tag.created != 0);
  });
  if (tags.size() > kMostCarried) {
    tags.erase(tags.begin() + static_cast<std::ptrdiff_t>(kMostCarried), tags.end());
  }
}

/// Of what `former` carries, `document` carries all that it does not name itself.
void keep_named(stack::Carried& former, const stack::ReleaseDocument& document) {
  Names named;
  named.add(document.tags, document.images);
  std::erase_if(former.tags, [&](const stack::DocumentTag& tag) {
    return !named.tags.contains({tag.repository, tag.tag});
  });
  std::erase_if(former.images, [&](const stack::DocumentImage& image) {
    return !named.targets.contains(image.target);
  });
}

}  // namespace

stack::ReleaseDocument make_document(const stack::ReleaseDescription& description,
                                     const Prepared& prepared, const stack::Plan& plan,
                                     const std::map<std::string, stack::TagHolder>& holders) {
  stack::ReleaseDocument document;
  document.id = prepared.facts.id;
  document.stack = description.stack;
  document.commit = prepared.facts.commit;
  document.version = prepared.facts.version;
  document.time = prepared.facts.time;
  for (const stack::MergedImage& image : prepared.images)
    document.images.push_back(image_of(image));
  for (const stack::PlannedTag& planned : plan.tags) {
    if (planned.action == stack::TagAction::withhold) {
      const auto holder = holders.find(planned.wanted.repository + ":" + planned.wanted.tag);
      if (holder != holders.end()) document.tags.push_back(staying(planned, holder->second));
      continue;
    }
    document.tags.push_back(moving(planned));
    document.tags.back().moves = planned.action != stack::TagAction::unchanged;
  }
  return document;
}

void keep_former(stack::ReleaseDocument& document, const JournalEntry& before) {
  stack::ReleaseDocument former = before.document;
  former.former.clear();
  // One that is open holds all that it needs itself.
  if (document.state != stack::ReleaseState::leased) {
    carry(document, former);
    bound(document.carried.tags);
    former.documents.clear();
    keep_named(former.carried, document);
  }
  document.previous = before.digest.to_string();
  document.former = former.to_text();
}

void add_bytes(stack::ReleaseDocument& document, Contents& contents, Survey& survey,
               const History& history) {
  std::set<std::pair<std::string, std::string>> former;
  for (const stack::DocumentTag& tag : document.tags) {
    if (tag.moves && !tag.old_digest.empty() && history.bytes(tag.old_digest) == nullptr)
      former.emplace(tag.repository, tag.old_digest);
  }
  survey.fetch(former);
  document.documents.clear();
  for (const auto& [digest, content] : contents.bytes())
    document.documents.emplace(digest, content.bytes);
  for (const stack::DocumentTag& tag : document.tags) {
    if (!tag.moves || tag.old_digest.empty()) continue;
    if (const std::string* kept = history.bytes(tag.old_digest)) {
      document.documents.emplace(tag.old_digest, *kept);
    } else if (const HeldDocument* held = survey.manifest(tag.repository, tag.old_digest)) {
      document.documents.emplace(tag.old_digest, held->bytes);
    }
  }
}

}  // namespace cairn::publish
