// SPDX-License-Identifier: BSD-3-Clause
#include "publish/registry_destination.hpp"

#include "base/text.hpp"
#include "base/time.hpp"
#include "registry/errors.hpp"
#include "registry/manifests.hpp"
#include "registry/parallel.hpp"
#include "registry/upload.hpp"

#include <algorithm>
#include <atomic>
#include <iterator>

namespace cairn::publish {
namespace {

// Of a PUT: as many as every registry that knows the parameter should take (distribution-spec,
// "Pushing Manifests").
constexpr std::size_t kMostTags = 10;

/// What `question` was refused with. A registry that does not answer refuses nothing: that is
/// thrown, as all that is no refusal.
std::optional<Refusal> refusal_of(const std::function<void()>& question) {
  try {
    question();
  } catch (const Interrupted&) {
    throw;
  } catch (const UnreachableError&) {
    throw;
  } catch (const Error& error) {
    return Refusal{error.what(), error.hint()};
  }
  return std::nullopt;
}

}  // namespace

RegistryDestination::RegistryDestination(std::string host, std::string path,
                                         registry::Client& client, registry::PushOptions options)
    : host_(std::move(host)), path_(std::move(path)), client_(client), options_(options) {}

std::string RegistryDestination::name() const {
  if (host_.empty()) return "the declared repositories";
  return "'" + host_ + (path_.empty() ? "" : "/" + path_) + "'";
}

std::string RegistryDestination::place_of(const std::string& repository) const {
  return reference(repository).repository();
}

oci::Reference RegistryDestination::reference(const std::string& repository,
                                              const std::string& tag_or_digest) const {
  const oci::Reference declared = oci::Reference::parse(repository);
  oci::Reference there = declared;
  if (!host_.empty()) there.host = host_;
  if (!path_.empty()) there.path = path_ + "/" + declared.path.substr(declared.path.rfind('/') + 1);
  {
    // Where a path is given, only the last part of a name is left of it.
    const std::lock_guard guard(mutex_);
    const auto& other = places_.emplace(there.repository(), declared.repository()).first->second;
    if (other != declared.repository()) {
      throw UserError("'" + other + "' and '" + declared.repository() + "' would both be '" +
                          there.repository() + "'",
                      "publish to a registry without a path, which keeps the declared ones");
    }
  }
  const bool is_digest = tag_or_digest.starts_with("sha256:");
  (is_digest ? there.digest : there.tag) = tag_or_digest;
  return there;
}

std::optional<oci::Digest> RegistryDestination::digest(const std::string& repository,
                                                       const std::string& tag) {
  return client_.digest(reference(repository, tag));
}

std::optional<HeldDocument> RegistryDestination::document(const std::string& repository,
                                                          const std::string& tag_or_digest) {
  const oci::Reference there = reference(repository, tag_or_digest);
  const auto found = client_.manifest(there);
  if (!found) return std::nullopt;
  const std::string told = trim(found->media_type.substr(0, found->media_type.find(';')));
  return HeldDocument{found->digest,
                      oci::media_type_of(found->bytes, told, "'" + there.to_string() + "'"),
                      found->bytes};
}

std::string RegistryDestination::blob(const std::string& repository, const oci::Descriptor& blob,
                                      std::size_t most_bytes) {
  const oci::Reference there = reference(repository);
  if (blob.size > most_bytes) {
    throw Error("blob '" + blob.digest.to_string() + "' of '" + there.repository() + "' is " +
                format_bytes(blob.size) + " long; at most " + format_bytes(most_bytes) +
                " are read");
  }
  return client_.blob(there, blob.digest, blob.size);
}

std::vector<std::string> RegistryDestination::tags(const std::string& repository) {
  return registry::list_tags(client_, reference(repository));
}

registry::PushReport RegistryDestination::push(registry::BlobSource& source,
                                               const std::vector<Item>& items) {
  std::vector<registry::PushTarget> targets;
  for (const Item& item : items) {
    targets.push_back({reference(item.repository), item.root, &source});
    targets.back().is_untagged = item.is_untagged;
    targets.back().is_below_only = item.is_below_only;
    for (const std::string& repository : item.mount_from)
      targets.back().mount_from.push_back(reference(repository));
  }
  // Anew each time: nothing is believed to be there that a registry may have collected since.
  return registry::Pusher(client_, options_).push(targets);
}

void RegistryDestination::try_push(const std::vector<Item>& items) {
  std::map<std::string, std::string> places;  // declared -> there
  for (const Item& item : items)
    places.emplace(item.repository, place_of(item.repository));
  std::mutex mutex;
  std::set<std::string> lacking;
  std::map<std::string, Refusal> refused;
  const auto ask = [&](const std::string& repository, const std::function<void()>& question) {
    const auto refusal = refusal_of(question);
    if (!refusal) return;
    const std::lock_guard guard(mutex);
    refused.emplace(repository,
                    Refusal{"'" + places.at(repository) + "' cannot be pushed to: " + refusal->text,
                            refusal->hint});
  };
  std::atomic<bool> stop{false};
  registry::in_parallel(items.size(), options_.uploads, stop, [&](std::size_t i) {
    const std::string& repository = items[i].repository;
    ask(repository, [&] {
      if (digest(repository, items[i].root.digest.to_string())) return;
      const std::lock_guard guard(mutex);
      lacking.insert(repository);
    });
  });
  std::vector<std::string> tried;
  std::copy_if(lacking.begin(), lacking.end(), std::back_inserter(tried),
               [&](const std::string& repository) { return !refused.contains(repository); });
  registry::in_parallel(tried.size(), options_.uploads, stop, [&](std::size_t i) {
    ask(tried[i], [&] { registry::try_push(client_, reference(tried[i])); });
  });
  std::vector<Refusal> all;
  for (const auto& [repository, refusal] : refused)
    all.push_back(refusal);
  throw_all(all);
}

/// What refused it because the tag must keep what it names; nothing when it is set.
std::optional<registry::Answer> RegistryDestination::put_tag(
    const TagPut& put, const std::function<void()>& before_send) {
  const oci::Reference there = reference(put.repository, put.tag);
  const auto try_to_put = [&] {
    return registry::put_manifest(client_, there, put.tag, {put.digest, put.media_type, put.bytes},
                                  before_send);
  };
  auto refusal = try_to_put();
  // registry 2.8 lacks a manifest for a moment while it is put again, as by another tag of it.
  registry::Backoff backoff(client_.retry());
  while (refusal && registry::lacks_something(refusal->answer) && backoff.pause(nullptr))
    refusal = try_to_put();
  if (!refusal) return std::nullopt;
  if (registry::lacks_something(refusal->answer)) {
    throw UserError("'" + there.to_string() + "': the registry lacks what this names: " +
                        registry::describe(refusal->answer),
                    "run it again: what a registry has collected meanwhile is pushed again");
  }
  if (!registry::is_immutable_tag(refusal->answer)) {
    refuse(refusal->request, refusal->answer, there, registry::Access::push);
  }
  // Some refuse even what they hold.
  if (registry::head_manifest(client_, there, put.tag) == put.digest) return std::nullopt;
  return std::move(refusal->answer);
}

std::optional<bool> RegistryDestination::sets_several(const std::string& host) const {
  const std::lock_guard guard(mutex_);
  const auto known = several_.find(host);
  return known == several_.end() ? std::nullopt : std::optional(known->second);
}

void RegistryDestination::learn(const std::string& host, bool sets_several) {
  const std::lock_guard guard(mutex_);
  several_[host] = sets_several;
}

/// The tags of `group`, all of one document in one repository, that its registry says it has set
/// by one request. One that names none of them is not asked again.
std::set<std::string> RegistryDestination::put_together(std::span<const TagPut> group,
                                                        const std::function<void()>& before_send) {
  const TagPut& first = group.front();
  const oci::Reference there = reference(first.repository);
  std::vector<std::string> tags;
  for (const TagPut& put : group)
    tags.push_back(put.tag);
  registry::PutTags done;
  try {
    done = registry::put_tags(client_, there, tags, {first.digest, first.media_type, first.bytes},
                              before_send);
  } catch (const UnreachableError&) {
    // What stands before a registry may drop a query that it does not know: each tag by itself
    // tells whether anything is there.
  }
  // One tag that must stay is no reason to set all others one by one.
  const bool stays = done.refusal && registry::is_immutable_tag(done.refusal->answer);
  if (!stays || !sets_several(there.host).value_or(false)) learn(there.host, !done.tags.empty());
  return {done.tags.begin(), done.tags.end()};
}

/// What of `puts` may be on its way side by side, by requests: neighbours of one document together.
/// A registry of which nobody knows yet whether it takes several is asked alone: one request tells.
std::vector<std::span<const TagPut>> RegistryDestination::next_round(std::span<const TagPut> puts,
                                                                     std::size_t requests) const {
  std::vector<std::span<const TagPut>> round;
  while (!puts.empty() && round.size() < requests) {
    const TagPut& first = puts.front();
    const auto several = sets_several(reference(first.repository).host);
    std::size_t size = 1;
    while (several.value_or(true) && size < std::min(puts.size(), kMostTags) &&
           puts[size].repository == first.repository && puts[size].digest == first.digest)
      ++size;
    const bool asks = size > 1 && !several;
    if (asks && !round.empty()) break;
    round.push_back(puts.first(size));
    if (asks) break;
    puts = puts.subspan(size);
  }
  return round;
}

std::size_t RegistryDestination::reach(const std::vector<TagPut>& moves, std::size_t at,
                                       int requests) const {
  std::size_t count = 0;
  for (const auto& group :
       next_round(std::span(moves).subspan(at), static_cast<std::size_t>(std::max(requests, 1))))
    count += group.size();
  return count;
}

void RegistryDestination::put_tags(const std::vector<TagPut>& batch,
                                   const std::function<void()>& before_each) {
  for (const TagPut& put : batch)
    check_bytes(put);
  std::mutex mutex;
  std::map<std::string, std::string> immutable;  // name -> text
  const auto put_alone = [&](const TagPut& put) {
    const auto refused = put_tag(put, before_each);
    if (!refused) return;
    const std::lock_guard guard(mutex);
    immutable[put.name()] = "'" + reference(put.repository, put.tag).to_string() +
                            "' must not be moved: " + registry::describe(*refused);
  };
  for (std::span<const TagPut> left(batch); !left.empty();) {
    const auto round = next_round(left, left.size());
    std::atomic<bool> stop{false};
    std::vector<std::vector<const TagPut*>> rest(round.size());
    registry::in_parallel(round.size(), options_.uploads, stop, [&](std::size_t i) {
      if (round[i].size() == 1) return put_alone(round[i].front());
      const std::set<std::string> set = put_together(round[i], before_each);
      for (const TagPut& put : round[i]) {
        if (!set.contains(put.tag)) rest[i].push_back(&put);
      }
    });
    // Side by side as well where a registry sets none of ten together.
    std::vector<const TagPut*> alone;
    for (const auto& some : rest)
      alone.insert(alone.end(), some.begin(), some.end());
    registry::in_parallel(alone.size(), options_.uploads, stop,
                          [&](std::size_t i) { put_alone(*alone[i]); });
    for (const auto& group : round)
      left = left.subspan(group.size());
  }
  if (immutable.empty()) return;
  std::vector<std::string> names, texts;
  for (const auto& [name, text] : immutable) {
    names.push_back(name);
    texts.push_back(text);
  }
  throw ImmutableTagError(join(texts, "\n"),
                          "name its template in PINNED, or have the registry let it be moved",
                          names);
}

std::int64_t RegistryDestination::now() {
  return client_.now().value_or(unix_now());
}

}  // namespace cairn::publish
