// SPDX-License-Identifier: BSD-3-Clause
#include "publish/contents.hpp"

#include "base/error.hpp"
#include "publish/store_source.hpp"
#include "registry/parallel.hpp"
#include "stack/release/exported.hpp"

#include <algorithm>
#include <atomic>

namespace cairn::publish {
namespace {

constexpr int kUploadRequests = 2;  // POST and PUT
constexpr int kWriteRequests = 5;   // of a release document: two blobs and the tag
constexpr int kDocuments = 3;       // leased, open, closed

const stack::MergedImage* find_image(const Prepared& prepared, const std::string& target) {
  const auto found =
      std::find_if(prepared.images.begin(), prepared.images.end(),
                   [&](const stack::MergedImage& image) { return image.target == target; });
  return found == prepared.images.end() ? nullptr : &*found;
}

/// Where the layers of an image may be already: its parent has all but its own.
std::vector<std::string> parents_of(const Prepared& prepared, const stack::MergedImage& image) {
  std::vector<std::string> all;
  for (const stack::PlatformEvidence& platform : image.platforms) {
    const stack::MergedImage* parent = find_image(prepared, platform.exported.parent);
    if (parent == nullptr || parent->repository == image.repository) continue;
    if (std::find(all.begin(), all.end(), parent->repository) == all.end())
      all.push_back(parent->repository);
  }
  return all;
}

Contents::Root make_root(const Prepared& prepared, const stack::MergedImage& image,
                         const stack::ComposedIndex& index) {
  Contents::Root root{&image, &index};
  for (const stack::PlatformEvidence& platform : image.platforms) {
    const bool is_in = std::find(index.platforms.begin(), index.platforms.end(),
                                 platform.platform) != index.platforms.end();
    if (is_in) root.platforms.push_back({platform.exported.manifest, &platform});
  }
  root.mount_from = parents_of(prepared, image);
  return root;
}

}  // namespace

Contents::Contents(const Prepared& prepared, Destination& destination, const store::Store& store,
                   int at_once)
    : prepared_(prepared), destination_(destination), store_(store), at_once_(at_once) {
  for (const stack::MergedImage& image : prepared.images)
    roots_.push_back(make_root(prepared, image, image.index));
  std::set<std::string> known;
  for (const stack::WantedTag& tag : prepared.wanted.tags) {
    const auto partial = prepared.wanted.partial.find(tag.names.digest.to_string());
    if (partial == prepared.wanted.partial.end() || !known.insert(partial->first).second) continue;
    const stack::MergedImage* image = find_image(prepared, tag.target);
    if (image != nullptr) roots_.push_back(make_root(prepared, *image, partial->second));
  }
}

void Contents::ask(const std::set<Place>& places, std::chrono::milliseconds fresh) {
  const auto now = Clock::now();
  std::vector<Place> due;
  for (const Place& place : places) {
    const auto found = seen_.find(place);
    if (found == seen_.end() || !found->second.when || now - *found->second.when >= fresh)
      due.push_back(place);
  }
  std::vector<Seen> answers(due.size());
  std::atomic<bool> stop{false};
  registry::in_parallel(due.size(), at_once_, stop, [&](std::size_t i) {
    answers[i] = {destination_.digest(due[i].first, due[i].second).has_value(), Clock::now()};
  });
  for (std::size_t i = 0; i < due.size(); ++i)
    seen_[due[i]] = answers[i];
}

bool Contents::is_there(const std::string& repository, const oci::Digest& digest) const {
  const auto found = seen_.find({repository, digest.to_string()});
  return found != seen_.end() && found->second.there;
}

void Contents::look(const Survey& survey, bool all, std::chrono::milliseconds fresh) {
  untagged_.clear();
  for (const Root& root : roots_) {
    if (survey.is_empty(root.image->repository)) untagged_.insert(root.image->repository);
  }
  std::set<Place> indexes, manifests;
  for (const Root& root : roots_) {
    const std::string& repository = root.image->repository;
    if (!untagged_.contains(repository))
      indexes.emplace(repository, root.index->descriptor.digest.to_string());
  }
  ask(indexes, fresh);
  for (const Root& root : roots_) {
    const std::string& repository = root.image->repository;
    if (!all && !is_there(repository, root.index->descriptor.digest)) continue;
    if (untagged_.contains(repository)) continue;
    for (const Platform& platform : root.platforms)
      manifests.emplace(repository, platform.manifest.digest.to_string());
  }
  ask(manifests, fresh);
}

std::vector<Destination::Item> Contents::lacking() const {
  std::vector<Destination::Item> items;
  std::set<Place> chosen;
  for (const Root& root : roots_) {
    const std::string& repository = root.image->repository;
    const auto add = [&](const oci::Descriptor& descriptor) {
      if (!chosen.emplace(repository, descriptor.digest.to_string()).second) return;
      items.push_back({repository, descriptor, root.mount_from});
      items.back().is_untagged = untagged_.contains(repository);
    };
    if (!is_there(repository, root.index->descriptor.digest)) {
      add(root.index->descriptor);
      continue;
    }
    for (const Platform& platform : root.platforms) {
      if (!is_there(repository, platform.manifest.digest)) add(platform.manifest);
    }
  }
  return items;
}

bool Contents::is_complete() const {
  return lacking().empty();
}

void Contents::push(registry::PushReport& report) {
  const std::vector<Destination::Item> items = lacking();
  if (items.empty()) return;
  const auto held = store_.hold();
  for (const Root& root : roots_)
    store_.put(root.index->bytes);
  StoreSource source(store_, stack::exports_of(prepared_.evidence), destination_.name());
  report += destination_.push(source, items);
  const auto now = Clock::now();
  for (const Destination::Item& item : items)
    seen_[{item.repository, item.root.digest.to_string()}] = {true, now};
  for (const Root& root : roots_) {
    for (const Platform& platform : root.platforms) {
      Seen& seen = seen_[{root.image->repository, platform.manifest.digest.to_string()}];
      if (!seen.there) seen = {true, now};
    }
  }
}

void Contents::forget() {
  for (auto& [place, seen] : seen_)
    seen.when.reset();
}

namespace {

/// Blobs by what names them: manifests that are there, and such that are not.
struct BlobsByPresence {
  std::set<std::string> there;
  std::map<std::string, std::uint64_t> needed;  ///< digest -> bytes

  void add(const stack::ExportRecord& exported, bool has_it) {
    add(exported.config, has_it);
    for (const stack::ExportedLayer& layer : exported.layers)
      add(layer.blob, has_it);
  }

 private:
  void add(const oci::Descriptor& blob, bool has_it) {
    if (has_it) there.insert(blob.digest.to_string());
    if (!has_it) needed.emplace(blob.digest.to_string(), blob.size);
  }
};

}  // namespace

stack::PlanCost Contents::cost(const stack::Plan& plan) const {
  BlobsByPresence blobs;
  stack::PlanCost cost;
  for (const Root& root : roots_) {
    const std::string& repository = root.image->repository;
    if (!is_there(repository, root.index->descriptor.digest)) ++cost.requests;
    for (const Platform& platform : root.platforms) {
      const bool has_it = is_there(repository, platform.manifest.digest);
      if (!has_it) ++cost.requests;
      blobs.add(platform.evidence->exported, has_it);
    }
  }
  for (const auto& [digest, size] : blobs.needed) {
    if (blobs.there.contains(digest)) continue;
    cost.bytes += size;
    cost.requests += kUploadRequests;
  }
  for (const stack::PlannedTag& tag : plan.tags)
    cost.requests += stack::changes(tag.action) ? 1 : 0;
  if (cost.requests != 0) cost.requests += kDocuments * kWriteRequests;
  return cost;
}

const std::map<std::string, Content>& Contents::bytes() {
  for (const Root& root : roots_) {
    bytes_.emplace(root.index->descriptor.digest.to_string(),
                   Content{root.index->descriptor.media_type, root.index->bytes});
    for (const Platform& platform : root.platforms) {
      const oci::Descriptor& manifest = platform.manifest;
      const std::string digest = manifest.digest.to_string();
      if (bytes_.contains(digest)) continue;
      auto kept = store_.read(manifest.digest, store::kMostDocument);
      if (!kept) {
        const auto held = destination_.document(root.image->repository, digest);
        if (held) kept = held->bytes;
      }
      if (!kept) {
        throw UserError("'" + root.image->target + "' (" + platform.evidence->platform.to_string() +
                            "): " + destination_.name() + " has lost its manifest '" + digest + "'",
                        "publish again: cairn release publish");
      }
      bytes_.emplace(digest, Content{manifest.media_type, *kept});
    }
  }
  return bytes_;
}

}  // namespace cairn::publish
