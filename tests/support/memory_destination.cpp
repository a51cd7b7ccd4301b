// SPDX-License-Identifier: BSD-3-Clause
#include "memory_destination.hpp"

namespace cairn::testing {
namespace {

constexpr std::size_t kMostBytes = 4 << 20;

}  // namespace

bool MemoryPlace::is_whole(const std::string& repository, const std::string& digest,
                           std::string& why) const {
  const auto found = documents.find({repository, digest});
  if (found == documents.end()) {
    why = repository + "@" + digest + " is not there";
    return false;
  }
  if (oci::is_index_type(found->second.media_type)) {
    for (const oci::Descriptor& child : oci::parse_index(found->second.bytes, digest).manifests) {
      if (!is_whole(repository, child.digest.to_string(), why)) return false;
    }
    return true;
  }
  const oci::Manifest manifest = oci::parse_manifest(found->second.bytes, digest);
  std::vector<oci::Descriptor> needed = manifest.layers;
  needed.push_back(manifest.config);
  for (const oci::Descriptor& blob : needed) {
    if (blobs.contains({repository, blob.digest.to_string()})) continue;
    why = repository + ": blob " + blob.digest.to_string() + " is not there";
    return false;
  }
  return true;
}

std::vector<std::string> MemoryDestination::take_log() {
  const std::lock_guard guard(mutex_);
  return std::exchange(log_, {});
}

void MemoryDestination::step(const std::string& what, const std::function<void()>& act) {
  {
    const std::lock_guard guard(mutex_);
    log_.push_back(what);
  }
  // A hook may take itself away.
  if (const auto hook = before) hook(what);
  {
    const std::lock_guard guard(place_.mutex);
    act();
  }
  if (const auto hook = after) hook(what);
}

std::optional<oci::Digest> MemoryDestination::digest(const std::string& repository,
                                                     const std::string& tag) {
  std::optional<oci::Digest> found;
  const bool by_digest = tag.starts_with("sha256:");
  step("HEAD " + repository + (by_digest ? "@" : ":") + tag, [&] {
    if (by_digest) {
      if (place_.documents.contains({repository, tag})) found = oci::Digest::parse(tag);
      return;
    }
    const auto held = place_.tags.find({repository, tag});
    if (held != place_.tags.end()) found = oci::Digest::parse(held->second);
  });
  return found;
}

std::optional<publish::HeldDocument> MemoryDestination::document(const std::string& repository,
                                                                 const std::string& tag_or_digest) {
  std::optional<publish::HeldDocument> found;
  const bool by_digest = tag_or_digest.starts_with("sha256:");
  step("GET " + repository + (by_digest ? "@" : ":") + tag_or_digest, [&] {
    std::string digest = tag_or_digest;
    if (!by_digest) {
      const auto held = place_.tags.find({repository, tag_or_digest});
      if (held == place_.tags.end()) return;
      digest = held->second;
    }
    const auto kept = place_.documents.find({repository, digest});
    if (kept == place_.documents.end()) return;
    found = {oci::Digest::parse(digest), kept->second.media_type, kept->second.bytes};
  });
  return found;
}

std::string MemoryDestination::blob(const std::string& repository, const oci::Descriptor& blob,
                                    std::size_t most_bytes) {
  std::string bytes;
  const std::string digest = blob.digest.to_string();
  step("GET blob " + repository + "@" + digest, [&] {
    const auto kept = place_.blobs.find({repository, digest});
    if (kept == place_.blobs.end()) throw Error("no blob '" + digest + "'");
    if (kept->second.size() > most_bytes) throw Error("blob '" + digest + "' is too long");
    bytes = kept->second;
  });
  return bytes;
}

std::vector<std::string> MemoryDestination::tags(const std::string& repository) {
  std::vector<std::string> all;
  step("LIST " + repository, [&] {
    for (const auto& [name, digest] : place_.tags) {
      if (name.first == repository) all.push_back(name.second);
    }
  });
  return all;
}

registry::PushReport MemoryDestination::push(registry::BlobSource& source,
                                             const std::vector<Item>& items) {
  registry::PushReport report;
  for (const Item& item : items) {
    if (item.is_below_only) {
      push_below(source, item.repository, item.root, report);
    } else {
      push_tree(source, item.repository, item.root, report);
    }
  }
  return report;
}

void MemoryDestination::push_tree(registry::BlobSource& source, const std::string& repository,
                                  const oci::Descriptor& descriptor, registry::PushReport& report) {
  const std::string digest = descriptor.digest.to_string();
  if (this->digest(repository, digest)) {
    ++report.manifests_there;
    return;
  }
  const std::string bytes = push_below(source, repository, descriptor, report);
  step("PUT " + repository + "@" + digest, [&] {
    place_.documents[{repository, digest}] = {descriptor.media_type, bytes};
  });
  ++report.manifests_put;
}

std::string MemoryDestination::push_below(registry::BlobSource& source,
                                          const std::string& repository,
                                          const oci::Descriptor& descriptor,
                                          registry::PushReport& report) {
  std::string bytes = registry::read_blob(source, descriptor, kMostBytes);
  const bool is_index = oci::is_index_type(descriptor.media_type);
  for (const oci::Descriptor& one : oci::named_by(bytes, descriptor.media_type, "memory")) {
    is_index ? push_tree(source, repository, one, report)
             : push_blob(source, repository, one, report);
  }
  return bytes;
}

void MemoryDestination::push_blob(registry::BlobSource& source, const std::string& repository,
                                  const oci::Descriptor& blob, registry::PushReport& report) {
  const MemoryPlace::Name name{repository, blob.digest.to_string()};
  {
    const std::lock_guard guard(place_.mutex);
    if (place_.blobs.contains(name)) {
      ++report.blobs_there;
      return;
    }
  }
  const std::string bytes = registry::read_blob(source, blob, kMostBytes);
  step("PUT blob " + name.first + "@" + name.second, [&] { place_.blobs[name] = bytes; });
  ++report.blobs_uploaded;
  report.bytes_uploaded += bytes.size();
}

/// As a strict registry: a tag goes to what is there, down to the last blob.
void MemoryDestination::set(const publish::TagPut& put) {
  const MemoryPlace::Name name{put.repository, put.tag};
  const std::string digest = put.digest.to_string();
  const auto held = place_.tags.find(name);
  if (place_.immutable.contains(name) && held != place_.tags.end() && held->second != digest) {
    throw publish::ImmutableTagError("'" + put.name() + "' is immutable", "", {put.name()});
  }
  check_bytes(put);
  place_.documents[{put.repository, digest}] = {put.media_type, put.bytes};
  std::string why;
  if (!place_.is_whole(put.repository, digest, why)) {
    throw UserError("'" + put.name() + "': " + why);
  }
  place_.tags[name] = digest;
}

void MemoryDestination::put_tags(const std::vector<publish::TagPut>& batch,
                                 const std::function<void()>& before_each) {
  if (atomic) {
    put_tags_if(batch, {});
    return;
  }
  std::vector<std::string> immutable;
  for (const publish::TagPut& put : batch) {
    try {
      if (before_each) before_each();
      step("PUT " + put.name(), [&] { set(put); });
    } catch (const publish::ImmutableTagError&) {
      immutable.push_back(put.name());
    }
  }
  if (!immutable.empty()) {
    throw publish::ImmutableTagError("'" + immutable.front() + "' is immutable", "", immutable);
  }
}

bool MemoryDestination::put_tags_if(const std::vector<publish::TagPut>& batch,
                                    const std::vector<publish::TagState>& seen) {
  bool is_so = true;
  step("PUT all", [&] {
    for (const publish::TagState& one : seen) {
      const auto held = place_.tags.find({one.repository, one.tag});
      const std::string digest = held == place_.tags.end() ? "" : held->second;
      is_so = is_so && digest == (one.digest ? one.digest->to_string() : "");
    }
    if (!is_so) return;
    for (const publish::TagPut& put : batch)
      set(put);
  });
  return is_so;
}

std::int64_t MemoryDestination::now() {
  const std::lock_guard guard(place_.mutex);
  return place_.now;
}

}  // namespace cairn::testing
